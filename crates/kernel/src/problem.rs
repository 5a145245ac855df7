//! Problems: how the product says no (RFC 9457), with a stable code and words in the caller's language.
//!
//! A problem names what is wrong, where (`fields`), and how to mend it. The words live beside the context that
//! refuses (`i18n/zh.json`, `i18n/en.json`), keyed by code; `{name}` in them is replaced from `params`.

mod lang;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

pub use lang::Lang;

/// One bad place in a request: a JSON pointer into the body (or `?name` for a query value, `#B7` for a cell of a
/// workbook) and the code of what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// Where.
    pub pointer: String,
    /// What, as a problem code.
    pub code: Cow<'static, str>,
    /// Values for the words of the code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<&'static str, Value>,
}

/// A refusal. Made by the contexts' error types, put into words and onto the wire by `platform::web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable code, `context/what-is-wrong`.
    pub code: Cow<'static, str>,
    /// Values for the words.
    pub params: BTreeMap<&'static str, Value>,
    /// The bad places, if the request has some.
    pub fields: Vec<FieldProblem>,
}

impl Problem {
    /// A problem with any status.
    pub fn new(status: u16, code: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code: code.into(), params: BTreeMap::new(), fields: Vec::new() }
    }
    /// 400: the request cannot be read.
    pub fn bad_request(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, code)
    }
    /// 401: nobody is signed in.
    pub fn unauthenticated(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(401, code)
    }
    /// 403: signed in, but not allowed.
    pub fn forbidden(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(403, code)
    }
    /// 404: it does not exist, or not for this caller.
    pub fn not_found(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(404, code)
    }
    /// 409: true a moment ago, no longer (state or version).
    pub fn conflict(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(409, code)
    }
    /// 422: well formed but not acceptable.
    pub fn unprocessable(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(422, code)
    }
    /// Adds a value for the words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.params.insert(name, value.into());
        self
    }
    /// Adds a bad place.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, code: impl Into<Cow<'static, str>>) -> Self {
        self.fields.push(FieldProblem {
            pointer: pointer.into(),
            code: code.into(),
            params: BTreeMap::new(),
        });
        self
    }
    /// Adds a bad place with values for its words.
    #[must_use]
    pub fn at_with(
        mut self,
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        params: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Self {
        let params = params.into_iter().collect();
        self.fields.push(FieldProblem { pointer: pointer.into(), code: code.into(), params });
        self
    }
}

/// What an error type of a context offers to the wire.
pub trait ToProblem {
    /// The refusal as a problem.
    fn problem(&self) -> Problem;
}

/// Puts values into words: `{name}` becomes the text of `params[name]`; unknown names stay as they are.
pub fn fill(words: &str, params: &BTreeMap<&'static str, Value>) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = after.find('}') else {
            rest = after;
            break;
        };
        match params.get(&after[1..close]) {
            Some(Value::String(text)) => out.push_str(text),
            Some(value) => out.push_str(&value.to_string()),
            None => out.push_str(&after[..=close]),
        }
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    out
}

/// The names in words, `{name}`, in their order.
pub fn places(words: &str) -> Vec<&str> {
    let parts = words.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

/// Words with their values, without any sentence that has a name without one: better less is said than a name.
pub fn say(words: &str, params: &BTreeMap<&'static str, Value>) -> String {
    if places(words).iter().all(|name| params.contains_key(name)) {
        return fill(words, params);
    }
    let sentences = words.split_inclusive(['。', '；', '.', ';']);
    let whole = sentences.filter(|sentence| places(sentence).iter().all(|name| params.contains_key(name)));
    whole.map(|sentence| fill(sentence, params)).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_filled_from_params() {
        let p = Problem::unprocessable("x/y").with("least", 2).with("unit", "城管局");
        assert_eq!(fill("{unit}至少 {least} 张，{other}", &p.params), "城管局至少 2 张，{other}");
        assert_eq!(fill("开{括号", &p.params), "开{括号");
    }

    #[test]
    fn a_sentence_without_its_value_is_not_said() {
        let p = Problem::unprocessable("x/y").with("got", 5).with("text", "{a}");
        assert_eq!(places("最多 {max} 个，现有 {got} 个"), ["max", "got"]);
        assert_eq!(say("现有 {got} 个。", &p.params), "现有 5 个。");
        assert_eq!(say("最多 {max} 个，现有 {got} 个。请缩短。", &p.params), "请缩短。");
        assert_eq!(say("At most {max}. Shorten it.", &p.params), "Shorten it.");
        assert_eq!(say("{max}", &p.params), "");
        assert_eq!(say("“{text}”", &p.params), "“{a}”", "what was typed stays as it was");
    }
}
