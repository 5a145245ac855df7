//! Versions on the wire: `ETag`, `If-Match`, `If-None-Match`.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use kernel::problem::Problem;

use super::refusal::Refusal;

/// `If-Match`: the version of the record that the caller has seen. Required on changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        version(&parts.headers).map(Self)
    }
}

/// Whoever changes a record has seen one version of it: `*` and lists are refused. A weak tag is taken, because proxies
/// that compress an answer weaken its tag, and the number in it means the same.
fn version(headers: &HeaderMap) -> Result<i64, Refusal> {
    let mut lines = headers.get_all(header::IF_MATCH).iter();
    let Some(line) = lines.next() else {
        return Err(Refusal(Problem::new(428, "platform/version-required")));
    };
    let only = lines.next().is_none().then_some(line);
    let number = only.and_then(|line| number(line.to_str().ok()?));
    number.ok_or_else(|| Refusal(Problem::bad_request("platform/bad-version")))
}

/// `"3"`, `W/"3"` or `3`.
fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let tag = text.strip_prefix("W/");
    let bare = match tag.unwrap_or(text).strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None if tag.is_none() => text,
        None => return None,
    };
    let digits = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    bare.parse().ok().filter(|_| digits)
}

/// The `ETag` of a record's version.
pub fn etag(version: i64) -> (HeaderName, HeaderValue) {
    let value = HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""));
    (header::ETAG, value)
}

/// Does the caller say in `If-None-Match` that he has what this tag (with its quotes) stands for? Ask only after his right.
pub fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(name: HeaderName, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name.clone(), line.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_version_may_be_quoted_or_weak() {
        for (text, expected) in
            [("\"3\"", Some(3)), ("W/\"4\"", Some(4)), ("5", Some(5)), ("*", None), ("", None)]
        {
            let headers = lines(header::IF_MATCH, &[text]);
            assert_eq!(version(&headers).ok(), expected, "{text}");
        }
        assert_eq!(version(&HeaderMap::new()).unwrap_err().0.status, 428);
    }

    #[test]
    fn one_version_was_seen_and_it_is_a_number() {
        let odd = [
            "\"3\", \"4\"",
            "\"3\"\"",
            "\"3",
            "3\"",
            "\"+3\"",
            "-3",
            "w/\"3\"",
            "W/3",
            "W/W/\"3\"",
            "\"99999999999999999999\"",
            "\"x\"",
            "\"\"",
            "3.0",
            "\" 3\"",
        ];
        for text in odd {
            let refused = version(&lines(header::IF_MATCH, &[text])).unwrap_err().0;
            assert_eq!((refused.status, refused.code.as_ref()), (400, "platform/bad-version"), "{text}");
        }
        assert_eq!(version(&lines(header::IF_MATCH, &["\"3\"", "\"4\""])).unwrap_err().0.status, 400);
        assert_eq!(version(&lines(header::IF_MATCH, &[" \"3\" "])).ok(), Some(3));
    }

    #[test]
    fn what_the_caller_has_is_named_in_lists_weakly_or_by_a_star() {
        let rows: [(&[&str], bool); 9] = [
            (&["\"a\""], true),
            (&["W/\"a\""], true),
            (&["\"b\", \"a\""], true),
            (&["\"b\"", "W/\"a\""], true),
            (&["*"], true),
            (&["\"b\""], false),
            (&["a"], false),
            (&["W/W/\"a\""], false),
            (&[], false),
        ];
        for (sent, known) in rows {
            assert_eq!(has_already(&lines(header::IF_NONE_MATCH, sent), "\"a\""), known, "{sent:?}");
        }
    }
}
