//! Queries of addresses. What a route may be asked stands in the API document; whatever else is asked is refused at the
//! door, so that no filter is ever passed over in silence and every route says it alike.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use kernel::page::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use kernel::problem::Problem;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::Operation;

use super::refusal::Refusal;
use super::texts::cleaned;

/// Faults that one answer names, at most.
const FAULTS: usize = 20;
/// Characters of a value that are said back.
const SAID_CHARS: usize = 40;

/// Query values, cleaned of what nobody sees, by the shape that the route takes.
#[derive(Debug, Clone, Copy)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let uri = cleaned(&parts.uri)?;
        let query = uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        let value = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs));
        value.map(Self).map_err(|error| {
            let name = error.path().to_string();
            let given = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| *key == name);
            let given = given.map(|(_, value)| value.into_owned()).unwrap_or_default();
            Refusal(bad_value(&name, &given, "platform/bad-value"))
        })
    }
}

/// A value of a query that does not fit, with the code that says why. Its words may speak of `{text}`.
pub fn bad_value(name: &str, value: &str, code: &'static str) -> Problem {
    let text = short(value);
    let problem = Problem::bad_request("platform/bad-query").with("said", format!("{name}={text}"));
    problem.at_with(format!("?{name}"), code, [("text", text.into())])
}

/// Refuses every query, for routes that stand in no slice.
///
/// # Errors
/// 400 `platform/bad-query`.
pub fn need_no_query(uri: &Uri) -> Result<(), Refusal> {
    Asked::default().check(uri)
}

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows per page, at most 100.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

impl Paging {
    /// Rows per page.
    ///
    /// # Errors
    /// 400 `platform/bad-query` for none or more than there may be; the door refuses both already.
    pub fn size(&self) -> Result<u32, Refusal> {
        match self.size.unwrap_or(PAGE_SIZE_DEFAULT) {
            size @ 1..=PAGE_SIZE_MAX => Ok(size),
            size => Err(Refusal(bad_value("size", &size.to_string(), "platform/bad-value"))),
        }
    }
}

/// What an operation may be asked, as the API document says.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked(BTreeMap<String, Parameter>);

#[derive(Debug, Clone)]
struct Parameter {
    required: bool,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Flag,
    Whole { least: i64, most: i64 },
    Number,
}

/// What is wrong with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Unknown,
    Repeated,
    Empty,
    Missing,
    Unreadable,
    NoFlag,
    NoNumber,
    NoWholeNumber,
}

impl Wrong {
    const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "platform/unknown-parameter",
            Self::Repeated => "platform/repeated-parameter",
            Self::Empty => "platform/empty-parameter",
            Self::Missing => "platform/missing-parameter",
            Self::Unreadable => "platform/unreadable-parameter",
            Self::NoFlag => "platform/bad-flag",
            Self::NoNumber => "platform/bad-number",
            Self::NoWholeNumber => "platform/bad-whole-number",
        }
    }
}

impl Asked {
    pub(super) fn of(operation: &Operation) -> Self {
        let described = operation.parameters.iter().flatten();
        let described = described.filter_map(|parameter| serde_json::to_value(parameter).ok());
        Self(
            described
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| read(&parameter))
                .collect(),
        )
    }

    /// Holds a query against it: every name is known, stands once, has a value that can be what it should.
    ///
    /// # Errors
    /// 400 `platform/bad-query`, which names every fault, where it is and how it is mended; 422 `platform/bad-text` for what
    /// no text holds.
    pub(super) fn check(&self, uri: &Uri) -> Result<(), Refusal> {
        let mut faults = Vec::new();
        let mut met = BTreeSet::new();
        let clean = cleaned(uri)?;
        let pairs = |uri: &Uri| -> Vec<(String, String)> {
            let query = uri.query().unwrap_or_default();
            form_urlencoded::parse(query.as_bytes()).into_owned().collect()
        };
        for ((_, sent), (name, value)) in pairs(uri).into_iter().zip(pairs(&clean)) {
            if sent.is_empty() && self.0.contains_key(&name) && !met.contains(&name) {
                met.insert(name.clone());
                faults.push((name, value, Wrong::Empty));
            } else if !met.insert(name.to_string()) {
                faults.push((name, value, Wrong::Repeated));
            } else if let Some(code) = self.fault(&name, &value) {
                faults.push((name, value, code));
            }
            if faults.len() >= FAULTS {
                break;
            }
        }
        let missing = self.0.iter().filter(|(name, parameter)| parameter.required && !met.contains(*name));
        faults.extend(missing.map(|(name, _)| (name.clone(), String::new(), Wrong::Missing)));
        if faults.is_empty() { Ok(()) } else { Err(Refusal(self.problem(&faults))) }
    }

    fn fault(&self, name: &str, value: &str) -> Option<Wrong> {
        let Some(parameter) = self.0.get(name) else { return Some(Wrong::Unknown) };
        // The sign that stands for bytes which are no UTF-8.
        if value.contains(char::REPLACEMENT_CHARACTER) {
            return Some(Wrong::Unreadable);
        }
        match parameter.kind {
            Kind::Text => None,
            Kind::Flag => (!matches!(value, "true" | "false")).then_some(Wrong::NoFlag),
            Kind::Number => value.parse::<f64>().is_err().then_some(Wrong::NoNumber),
            Kind::Whole { least, most } => {
                let fits = value.parse::<i64>().is_ok_and(|number| (least..=most).contains(&number));
                (!fits).then_some(Wrong::NoWholeNumber)
            }
        }
    }

    fn problem(&self, faults: &[(String, String, Wrong)]) -> Problem {
        let said: Vec<String> = faults
            .iter()
            .map(
                |(name, value, _)| {
                    if value.is_empty() { short(name) } else { format!("{}={}", short(name), short(value)) }
                },
            )
            .collect();
        let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "—".to_owned() } else { known.join(", ") };
        let problem = Problem::bad_request("platform/bad-query").with("said", said.join("&"));
        faults.iter().fold(problem, |problem, (name, value, wrong)| {
            let mut params = vec![("name", Value::from(short(name))), ("text", short(value).into())];
            match self.0.get(name).map(|parameter| parameter.kind) {
                Some(Kind::Whole { least, most }) => {
                    params.extend([("least", json!(least)), ("most", json!(most))])
                }
                Some(Kind::Text | Kind::Flag | Kind::Number) => {}
                None => params.push(("known", known.clone().into())),
            }
            problem.at_with(format!("?{}", short(name)), wrong.code(), params)
        })
    }
}

fn read(parameter: &Value) -> (String, Parameter) {
    let schema = &parameter["schema"];
    let bound =
        |name: &str| schema[name].as_i64().or_else(|| schema[name].as_f64().map(|bound| bound as i64));
    let kind = match schema["type"].as_str() {
        Some("boolean") => Kind::Flag,
        Some("number") => Kind::Number,
        Some("integer") => {
            let (low, high) = if schema["format"] == "int64" {
                (i64::MIN, i64::MAX)
            } else {
                (i64::from(i32::MIN), i64::from(i32::MAX))
            };
            Kind::Whole { least: bound("minimum").unwrap_or(low), most: bound("maximum").unwrap_or(high) }
        }
        Some(_) | None => Kind::Text,
    };
    let name = parameter["name"].as_str().unwrap_or_default().to_owned();
    (name, Parameter { required: parameter["required"] == true, kind })
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(SAID_CHARS).collect();
    if text.chars().count() > SAID_CHARS {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use kernel::problem::{Lang, places};

    use super::super::words::{Dictionary, PROBLEMS};
    use super::*;

    fn asked() -> Asked {
        let parameter = |required, kind| Parameter { required, kind };
        Asked(
            [
                ("q", parameter(false, Kind::Text)),
                ("open", parameter(false, Kind::Flag)),
                ("size", parameter(false, Kind::Whole { least: 1, most: 100 })),
                ("lng", parameter(true, Kind::Number)),
            ]
            .map(|(name, parameter)| (name.to_owned(), parameter))
            .into(),
        )
    }

    /// The faults of a query, as `place code`.
    fn faults(query: &str) -> Vec<String> {
        let Err(Refusal(problem)) = asked().check(&format!("/x?{query}").parse().unwrap()) else {
            return Vec::new();
        };
        let bad_text = problem.code == "platform/bad-text" && problem.status == 422;
        assert!(bad_text || problem.code == "platform/bad-query" && problem.status == 400, "{problem:?}");
        problem
            .fields
            .iter()
            .map(|f| format!("{} {}", f.pointer, f.code.trim_start_matches("platform/")))
            .collect()
    }

    #[test]
    fn what_a_route_does_not_know_or_cannot_be_is_named() {
        let rows: [(&str, &[&str]); 21] = [
            ("lng=1", &[]),
            ("lng=1&", &[]),
            ("lng=1&q=%E5%9C%BE&open=false&size=100", &[]),
            ("lng=1&q=%20", &[]),
            ("", &["?lng missing-parameter"]),
            ("q=a", &["?lng missing-parameter"]),
            ("lng=", &["?lng empty-parameter"]),
            ("lng=east", &["?lng bad-number"]),
            ("lng=1&Q=a", &["?Q unknown-parameter"]),
            ("lng=1&q%5B%5D=a", &["?q[] unknown-parameter"]),
            ("lng=1&=a", &["? unknown-parameter"]),
            ("lng=1&q=a&q=b", &["?q repeated-parameter"]),
            ("lng=1&lng=1", &["?lng repeated-parameter"]),
            ("lng=1&q", &["?q empty-parameter"]),
            ("lng=1&q=%FF", &["?q unreadable-parameter"]),
            ("lng=1&q=a%00", &["?q text/control-character"]),
            ("lng=%E2%80%8E1&q=%E2%80%8E", &[]),
            ("lng=1&open=TRUE", &["?open bad-flag"]),
            ("lng=1&size=0", &["?size bad-whole-number"]),
            ("lng=1&size=101&x=1", &["?size bad-whole-number", "?x unknown-parameter"]),
            ("lng=1&size=99999999999999999999", &["?size bad-whole-number"]),
        ];
        for (query, expected) in rows {
            assert_eq!(faults(query), expected, "{query}");
        }
        for size in ["-1", "1.0", "1e1", "０", " ", "0x1"] {
            let query: String = form_urlencoded::byte_serialize(size.as_bytes()).collect();
            assert_eq!(faults(&format!("lng=1&size={query}")), ["?size bad-whole-number"], "{size}");
        }
    }

    #[test]
    fn a_flood_of_parameters_gets_a_short_answer() {
        let many: Vec<String> = (0..1_000).map(|n| format!("class={n}")).collect();
        assert_eq!(faults(&many.join("&")).len(), FAULTS + 1, "and the missing one");
        let long =
            asked().check(&format!("/x?{}=1&lng=1", "x".repeat(5_000)).parse().unwrap()).unwrap_err().0;
        assert!(long.fields[0].pointer.len() < 60, "{}", long.fields[0].pointer);
    }
    #[test]
    fn every_fault_is_said_with_its_values() {
        let words = Dictionary::read(&[PROBLEMS]).unwrap();
        let query = "/x?q=a&q=b&open=&size=0&lng=east&nonsense=1&r=%FF";
        let mut asked = asked();
        asked.0.insert("r".to_owned(), Parameter { required: false, kind: Kind::Text });
        asked.0.insert("f".to_owned(), Parameter { required: true, kind: Kind::Flag });
        let mut met = BTreeSet::new();
        for uri in [query, "/x?lng=1&f=maybe"] {
            let problem = asked.check(&uri.parse().unwrap()).unwrap_err().0;
            met.extend(problem.fields.iter().map(|field| field.code.to_string()));
            for field in &problem.fields {
                for lang in [Lang::Zh, Lang::En] {
                    let written = words.written(lang, &field.code).unwrap();
                    let mut places = written.iter().flat_map(|text| places(text));
                    assert!(places.all(|place| field.params.contains_key(place)), "{written:?} {field:?}");
                }
            }
        }
        assert_eq!(met.len(), 8, "{met:?}");
    }
}
