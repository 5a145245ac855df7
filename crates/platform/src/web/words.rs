//! The words of problem codes, in Chinese and English, collected from all contexts.

use std::collections::HashMap;

use kernel::problem::{Lang, Problem, places, say};
use serde::Deserialize;
use serde_json::{Value, json};

/// The words of one context: two JSON files, `{"code": {"title": "…", "detail": "…{param}…"}}`.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// 中文.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// The platform's own.
pub const PROBLEMS: Words =
    Words { zh: include_str!("../../i18n/zh.json"), en: include_str!("../../i18n/en.json") };

#[derive(Debug, Clone, Deserialize)]
struct Entry {
    title: String,
    #[serde(default)]
    detail: String,
}

/// All words, looked up by code.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    zh: HashMap<String, Entry>,
    en: HashMap<String, Entry>,
}

/// A words file is not of the expected shape. `0` says which and where.
#[derive(Debug, thiserror::Error)]
#[error("words cannot be read: {0}")]
pub struct BadWords(String);

impl Dictionary {
    /// Reads the words of all contexts; a later context may not redefine a code of an earlier one.
    ///
    /// # Errors
    /// [`BadWords`] when a file cannot be read or a code stands twice.
    pub fn read(all: &[Words]) -> Result<Self, BadWords> {
        let mut dictionary = Self::default();
        for words in all {
            for (text, target) in [(words.zh, &mut dictionary.zh), (words.en, &mut dictionary.en)] {
                let entries: HashMap<String, Entry> =
                    serde_json::from_str(text).map_err(|error| BadWords(error.to_string()))?;
                for (code, entry) in entries {
                    if target.insert(code.clone(), entry).is_some() {
                        return Err(BadWords(format!("{code} stands twice")));
                    }
                }
            }
        }
        Ok(dictionary)
    }

    /// Every code that has words, sorted.
    pub fn codes(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = self.zh.keys().map(String::as_str).collect();
        codes.sort_unstable();
        codes
    }

    /// Has the code words in both languages?
    pub fn knows(&self, code: &str) -> bool {
        self.zh.contains_key(code) && self.en.contains_key(code)
    }

    /// The title and the detail of a code, as they are written.
    pub fn written(&self, lang: Lang, code: &str) -> Option<[&str; 2]> {
        self.entry(lang, code).map(|entry| [entry.title.as_str(), entry.detail.as_str()])
    }

    /// The title of a code, in words.
    pub fn title(&self, lang: Lang, code: &str) -> Option<&str> {
        self.entry(lang, code).map(|entry| entry.title.as_str())
    }

    /// The problem as the body of RFC 9457. `instance` is the request id, to be read out by phone.
    pub fn body(&self, lang: Lang, problem: &Problem, instance: &str) -> Value {
        let code = problem.code.as_ref();
        let entry = self.entry(lang, code);
        let fields: Vec<Value> = problem
            .fields
            .iter()
            .map(|field| {
                let entry = self.entry(lang, &field.code);
                let words = entry.map_or_else(String::new, |entry| {
                    let detail = told(code, &entry.detail, &field.params);
                    if detail.is_empty() { told(code, &entry.title, &field.params) } else { detail }
                });
                json!({
                    "pointer": field.pointer,
                    "code": field.code,
                    "title": if words.is_empty() { field.code.as_ref() } else { words.as_str() },
                    "params": field.params,
                })
            })
            .collect();
        json!({
            "type": format!("/problems/{code}"),
            "title": entry.map_or_else(|| code.to_owned(), |entry| told(code, &entry.title, &problem.params)),
            "status": problem.status,
            "detail": entry.map_or_else(String::new, |entry| told(code, &entry.detail, &problem.params)),
            "instance": instance,
            "code": code,
            "params": problem.params,
            "fields": fields,
        })
    }

    fn entry(&self, lang: Lang, code: &str) -> Option<&Entry> {
        match lang {
            Lang::Zh => self.zh.get(code),
            Lang::En => self.en.get(code).or_else(|| self.zh.get(code)),
        }
    }
}

/// Words with their values. A value that is missing is our mistake: it is logged, and its sentence is not said.
fn told(code: &str, words: &str, params: &Params) -> String {
    if let Some(name) = places(words).into_iter().find(|name| !params.contains_key(name)) {
        tracing::error!(code, name, "words without their value");
    }
    say(words, params)
}

/// Values for words.
type Params = std::collections::BTreeMap<&'static str, Value>;
