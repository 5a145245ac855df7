//! Reading requests: bodies, ids in paths, idempotency keys. Everything that does not fit
//! becomes a problem that names the place.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use kernel::problem::Problem;
use serde::de::DeserializeOwned;

use super::media::need_json;
use super::refusal::Refusal;
use super::texts::without_null;

/// A JSON body. Shapes deny unknown fields, so a misspelt name is found.
#[derive(Debug, Clone, Copy)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        need_json(request.headers())?;
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let status = rejection.status().as_u16();
            let code = if status == 413 { "platform/body-too-large" } else { "platform/body-unreadable" };
            Refusal(Problem::new(status, code))
        })?;
        without_null(&bytes)?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let pointer = pointer(&error.path().to_string());
            Refusal(bad_json(error.inner()).at(pointer, "platform/bad-value"))
        })?;
        reader.end().map_err(|error| Refusal(bad_json(&error).at("", "platform/bad-value")))?;
        Ok(Self(value))
    }
}

/// What the reader says, which is English, and where, which every language can say.
fn bad_json(error: &serde_json::Error) -> Problem {
    let problem = Problem::bad_request("platform/bad-json").with("said", error.to_string());
    problem.with("line", error.line()).with("column", error.column())
}

/// `place.lng` or `photos[0].id` as a JSON pointer.
fn pointer(path: &str) -> String {
    if path == "." {
        return String::new();
    }
    format!("/{}", path.replace("[", ".").replace(']', "").replace('.', "/"))
}

/// Values of the path. A text that is no id means that there is no such record.
#[derive(Debug, Clone, Copy)]
pub struct At<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let none = || Refusal(Problem::not_found("platform/no-such-record"));
        // No name has a null character, and no database takes it.
        if parts.uri.path().contains("%00") {
            return Err(none());
        }
        let Path(value) = Path::<T>::from_request_parts(parts, state).await.map_err(|_| none())?;
        Ok(Self(value))
    }
}

/// `Idempotency-Key`: the same key with the same request gives the same answer, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        match value.to_str() {
            Ok(text) if (1..=64).contains(&text.len()) && values.next().is_none() => {
                Ok(Self(Some(text.to_owned())))
            }
            _other => Err(Refusal(Problem::bad_request("platform/bad-idempotency-key"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_pointers() {
        for (path, expected) in [(".", ""), ("place.lng", "/place/lng"), ("photos[0].id", "/photos/0/id")] {
            assert_eq!(pointer(path), expected);
        }
    }
}
