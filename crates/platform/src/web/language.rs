//! The language of the caller: read here, and nowhere else.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use kernel::problem::Lang;

/// The language in which the caller reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaks(pub Lang);

impl<S: Send + Sync> FromRequestParts<S> for Speaks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(language_of(&parts.headers)))
    }
}

/// As `Accept-Language` says. Several lines of it are one.
pub(super) fn language_of(headers: &HeaderMap) -> Lang {
    let lines = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let lines: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
    Lang::from_header(&lines.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_lines_are_one() {
        let mut headers = HeaderMap::new();
        assert_eq!(language_of(&headers), Lang::Zh);
        headers.append(header::ACCEPT_LANGUAGE, "zh;q=0.5".parse().unwrap());
        headers.append(header::ACCEPT_LANGUAGE, "en-GB;q=0.6".parse().unwrap());
        assert_eq!(language_of(&headers), Lang::En);
    }
}
