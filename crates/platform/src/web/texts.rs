//! Texts of requests before anybody reads them: what nobody sees is taken out of queries, and what no database takes is
//! refused wherever it stands.

use std::borrow::Cow;

use axum::http::Uri;
use kernel::problem::{Problem, ToProblem};
use kernel::text::{TextError, clean_query};
use serde_json::Value;

use super::refusal::Refusal;

/// A refused text with the place where it stands: a JSON pointer, or `?name` for a value of a query.
pub fn bad_text(error: &TextError, pointer: &str) -> Problem {
    let inner = error.problem();
    Problem::unprocessable("platform/bad-text").at_with(pointer, inner.code, inner.params)
}

/// The same address with the values of its query cleaned.
///
/// # Errors
/// 422 `platform/bad-text` that points at the value.
pub(super) fn cleaned(uri: &Uri) -> Result<Cow<'_, Uri>, Refusal> {
    let query = uri.query().unwrap_or_default();
    // Nothing but visible ASCII needs no cleaning; blanks are a `+` or escaped.
    if !query.contains(['%', '+']) {
        return Ok(Cow::Borrowed(uri));
    }
    let mut clean = form_urlencoded::Serializer::new(String::with_capacity(query.len()));
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let refused = |error: TextError| {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
            Refusal(bad_text(&error, &format!("?{shown}")))
        };
        let value = clean_query(&value).map_err(refused)?;
        clean.append_pair(&clean_query(&name).map_err(refused)?, &value);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = format!("{}?{}", uri.path(), clean.finish()).parse().ok();
    let unreadable = |_| Refusal(Problem::bad_request("platform/bad-query").with("said", query));
    Uri::from_parts(parts).map(Cow::Owned).map_err(unreadable)
}

/// Refuses a body in which a text holds a null character, which no screen shows and PostgreSQL does not take.
///
/// # Errors
/// 422 `platform/bad-text` that points at the text.
pub(super) fn without_null(body: &[u8]) -> Result<(), Refusal> {
    let escape = br"\u0000";
    if !body.windows(escape.len()).any(|part| part == escape) {
        return Ok(());
    }
    // Not JSON at all is said by whoever reads it.
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return Ok(()) };
    match null_in(&value, String::new()) {
        Some((pointer, error)) => Err(Refusal(bad_text(&error, &pointer))),
        None => Ok(()),
    }
}

fn null_in(value: &Value, pointer: String) -> Option<(String, TextError)> {
    let null = |text: &str| {
        let before = text.split('\0').next().filter(|before| before.len() < text.len())?;
        Some(TextError::Control { position: before.chars().count() + 1, code: 0 })
    };
    match value {
        Value::String(text) => null(text).map(|error| (pointer, error)),
        Value::Array(list) => {
            list.iter().enumerate().find_map(|(at, value)| null_in(value, format!("{pointer}/{at}")))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, value)| match null(name) {
            Some(error) => Some((pointer.clone(), error)),
            None => null_in(value, format!("{pointer}/{name}")),
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(refused: Result<impl Sized, Refusal>) -> Option<(u16, String, String)> {
        let Refusal(problem) = refused.err()?;
        let field = problem.fields.first()?;
        Some((problem.status, field.pointer.clone(), field.code.to_string()))
    }

    #[test]
    fn values_of_a_query_are_cleaned_and_what_cannot_be_is_refused_at_its_name() {
        for (query, clean) in [
            ("q=a&b=2", "q=a&b=2"),
            ("q=+%E7%8E%AF%E5%8D%AB%E2%80%8E+", "q=%E7%8E%AF%E5%8D%AB"),
            ("q=%E2%80%AD138%E2%80%AC&after=", "q=138&after="),
            ("q=%EF%BB%BF&kind=x", "q=&kind=x"),
            ("class=E01%2CE02&class=P0137", "class=E01%2CE02&class=P0137"),
        ] {
            let uri: Uri = format!("/api/v1/x?{query}").parse().unwrap();
            assert_eq!(cleaned(&uri).unwrap().query(), Some(clean), "{query}");
        }
        for (query, pointer, code) in [
            ("a=1&q=a%00", "?q", "text/control-character"),
            ("q=%1B%5B2J", "?q", "text/control-character"),
            ("q=a%0Ab", "?q", "text/line-end"),
            ("%00=1", "?", "text/control-character"),
        ] {
            let uri: Uri = format!("/api/v1/x?{query}").parse().unwrap();
            assert_eq!(place(cleaned(&uri)), Some((422, pointer.to_owned(), code.to_owned())), "{query}");
        }
        let bare: Uri = "/api/v1/x".parse().unwrap();
        assert_eq!(*cleaned(&bare).unwrap(), bare);
    }

    #[test]
    fn a_null_is_refused_wherever_it_stands_in_a_body() {
        let rows = [
            (r#"{"login":"a\u0000b"}"#, Some("/login")),
            (r#"{"photos":[{"id":"1"},{"token":"\u0000"}]}"#, Some("/photos/1/token")),
            (r#"{"a\u0000":1}"#, Some("")),
            (r#""\u0000""#, Some("")),
            (r#"{"login":"a\\u0000b"}"#, None),
            (r#"{"login":"ab"}"#, None),
            (r#"{"login":"\u0000"#, None),
        ];
        for (body, pointer) in rows {
            let told = place(without_null(body.as_bytes()));
            let expected = pointer.map(|at| (422, at.to_owned(), "text/control-character".to_owned()));
            assert_eq!(told, expected, "{body}");
        }
    }
}
