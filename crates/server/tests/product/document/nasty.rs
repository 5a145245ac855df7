//! Requests to what the document tells: mostly good, with something nasty in one place or another.

use kernel::chance::{Chance, SeededChance};
use serde_json::{Map, Value, json};

use crate::api::Api;

/// One way to call one path.
pub struct Operation {
    pub method: String,
    pub path: String,
    /// What the document says of it.
    pub told: Value,
}

/// All of them.
pub fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().expect("paths").iter();
    let all = paths.flat_map(|(path, item)| {
        let methods = item.as_object().expect("methods").iter();
        methods.map(|(method, told)| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
            told: told.clone(),
        })
    });
    all.collect()
}

/// A request before it is sent.
#[derive(Debug)]
pub struct Request {
    method: String,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// As this caller; `None` where no client would send it at all.
    pub fn build(&self, caller: &Api) -> Option<reqwest::RequestBuilder> {
        let mut request = caller.request(&self.method, &self.path);
        for (name, value) in &self.headers {
            request = request.header(name, reqwest::header::HeaderValue::from_bytes(value).ok()?);
        }
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        request.try_clone()?.build().ok()?;
        Some(request)
    }
}

/// Texts for addresses, percent-encoded where a client must.
const IN_ADDRESSES: [&str; 26] = [
    "0",
    "-1",
    "1",
    "7",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "99999999999999999999999",
    "NaN",
    "1e999",
    "-0",
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "%C0%80",
    "%F0%9F%9A%AE",
    "..%2F..",
    "'%20OR%201=1--",
    "10000-01-01",
    "2026-02-30",
    "9999-12-31",
    "-9999-01-01",
    "1.1",
    "9223372036854775807.9223372036854775807",
    "true",
    "",
];
/// Texts for bodies.
const IN_BODIES: [&str; 14] = [
    "",
    "\0",
    "a\0b",
    "\u{202E}",
    "\u{FEFF}",
    "\u{FFFF}",
    "👨‍👩‍👧",
    "9223372036854775808",
    "2026-11-29",
    "10000-01-01",
    "E0110",
    "320281108",
    "-9999-12-31",
    "'; DROP TABLE x; --",
];
/// Numbers for bodies, as JSON.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "1e308",
    "-1e308",
    "0.5",
    "120.85",
    "31.11",
    "1e-320",
    "253402300800000",
];

/// Makes requests.
pub struct Nasty {
    pub chance: SeededChance,
    document: Value,
    /// Cases that are there: id, number, version.
    cases: Vec<Value>,
}

impl Nasty {
    pub fn new(document: &Value, cases: &Value, chance: SeededChance) -> Self {
        let cases = cases["items"].as_array().expect("cases").clone();
        Self { chance, document: document.clone(), cases }
    }

    fn one_in(&self, n: u64) -> bool {
        self.chance.below(n) == 0
    }

    fn pick<'a>(&self, all: &[&'a str]) -> &'a str {
        all[self.chance.below(all.len() as u64) as usize]
    }

    pub fn request(&mut self, operation: &Operation) -> Request {
        let mut path = operation.path.clone();
        let (mut query, mut headers) = (Vec::new(), Vec::new());
        for parameter in operation.told["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().expect("a name");
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), &self.in_path(name)),
                Some("query") if parameter["required"] == true || self.one_in(4) => {
                    query.push(format!("{name}={}", self.in_query(name)));
                    if self.one_in(20) {
                        query.extend(vec![format!("{name}=1"); 1 + self.chance.below(1_000) as usize]);
                    }
                }
                Some("header") if !self.one_in(8) => headers.push((name.to_owned(), self.in_header(name))),
                _left_out => {}
            }
        }
        if self.one_in(20) {
            query.push(format!(
                "{}={}",
                self.pick(&["Class", "x", "%00", "after[]", ""]),
                self.pick(&IN_ADDRESSES)
            ));
        }
        if self.one_in(60) {
            path.push_str(&"/x".repeat(1 + self.chance.below(4_000) as usize));
        }
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        if self.one_in(10) {
            headers.push((
                "accept-language".to_owned(),
                self.pick(&["en", "zh", "*;q=0", "\u{80}", ",,;q=9"]).into(),
            ));
        }
        let content = operation.told["requestBody"]["content"].as_object().and_then(|all| all.iter().next());
        let body = content.map(|(kind, told)| self.body(kind, &told["schema"], &mut headers));
        Request { method: operation.method.clone(), path, headers, body }
    }

    fn in_path(&self, name: &str) -> String {
        let case = &self.cases[self.chance.below(self.cases.len() as u64) as usize];
        match name {
            _any if self.one_in(3) => {
                let text = self.pick(&IN_ADDRESSES);
                if text.is_empty() { "%20".to_owned() } else { text.to_owned() }
            }
            "id" => case["id"].as_str().unwrap_or("1").to_owned(),
            "size" => self.pick(&["small", "large", "320", "1600"]).to_owned(),
            "kind" => self.pick(&["units", "people", "matrix"]).to_owned(),
            "year" => self.pick(&["2026", "2027", "32767", "-9999", "9999", "0"]).to_owned(),
            "date" => self.pick(&["2026-11-29", "9999-12-31", "-9999-01-01", "2026-02-29"]).to_owned(),
            _other => self.pick(&["ABCD-EFGH-JKLM", "1", "123456789"]).to_owned(),
        }
    }

    fn in_query(&self, name: &str) -> String {
        match name {
            _any if self.one_in(3) => self.pick(&IN_ADDRESSES).to_owned(),
            "lng" => "120.85".to_owned(),
            "lat" => "31.11".to_owned(),
            "class_code" | "class" => "E0110".to_owned(),
            "year" => "2026".to_owned(),
            "file_name" => "a.xlsx".to_owned(),
            "size" => self.pick(&["1", "100", "101", "4294967295"]).to_owned(),
            "open" | "overdue" | "mine" => self.pick(&["true", "false"]).to_owned(),
            "state" => "handling".to_owned(),
            "area" => "320281108".to_owned(),
            _other => self.pick(&IN_ADDRESSES).to_owned(),
        }
    }

    fn in_header(&self, name: &str) -> Vec<u8> {
        match name {
            "If-Match" => self
                .pick(&["\"1\"", "\"2\"", "W/\"3\"", "*", "\"1\", \"2\"", "", "9223372036854775808"])
                .into(),
            "Idempotency-Key" if self.one_in(4) => vec![0xFF; 10],
            "Idempotency-Key" => format!("key-{}", self.chance.below(1_000_000)).into(),
            _other => self.pick(&IN_ADDRESSES).into(),
        }
    }

    fn body(&self, kind: &str, schema: &Value, headers: &mut Vec<(String, Vec<u8>)>) -> Vec<u8> {
        let json = kind == "application/json";
        let sent = match kind {
            _any if self.one_in(15) => {
                self.pick(&["text/plain", "application/jsonx", "", "application/json; charset=x"])
            }
            "image/*" => "image/jpeg",
            other => other,
        };
        headers.push(("content-type".to_owned(), sent.into()));
        if !json {
            return self
                .pick(&["", "\u{FFFD}", "PK\u{3}\u{4}", "no picture and no workbook"])
                .as_bytes()
                .to_vec();
        }
        match self.chance.below(24) {
            0 => "[".repeat(100_000).into(),
            1 => r#"{"a":"#.repeat(50_000).into(),
            2 => self
                .pick(&[
                    "",
                    "null",
                    "[]",
                    "{}",
                    "{",
                    "\u{FEFF}{}",
                    "{\"a\":1,\"a\":2}",
                    "NaN",
                    "1e999",
                    "\"\\ud800\"",
                ])
                .into(),
            3 => vec![0xFF, 0xFE, b'{', b'}'],
            4 => vec![b' '; 600_000],
            _good => {
                let text = self.value(schema, 0).to_string();
                // A key that stands twice.
                if self.one_in(20) { text.replacen('{', "{\"class_code\":1,", 1).into() } else { text.into() }
            }
        }
    }

    /// A value for a schema, with something nasty in one leaf out of ten.
    fn value(&self, schema: &Value, depth: u32) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            let target = self.document.pointer(name.trim_start_matches('#')).cloned().unwrap_or_default();
            return self.value(&target, depth + 1);
        }
        if depth > 12 || self.one_in(40) {
            return [json!(null), json!([]), json!({}), json!(1), json!("x"), json!(true)]
                [self.chance.below(6) as usize]
                .clone();
        }
        for word in ["oneOf", "anyOf", "allOf", "enum"] {
            if let Some(all) = schema[word].as_array() {
                let one = &all[self.chance.below(all.len() as u64) as usize];
                return if word == "enum" { one.clone() } else { self.value(one, depth + 1) };
            }
        }
        let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object");
        match kind {
            "string" => self.text(),
            "integer" | "number" => serde_json::from_str(self.pick(&NUMBERS)).unwrap_or_default(),
            "boolean" => json!(self.one_in(2)),
            "array" => {
                let length = if self.one_in(30) { 2_000 } else { self.chance.below(3) };
                (0..length).map(|_| self.value(&schema["items"], depth + 1)).collect()
            }
            "null" => Value::Null,
            _object => {
                let fields = schema["properties"].as_object().into_iter().flatten();
                let kept = fields.filter(|_| !self.one_in(12));
                let mut made: Map<String, Value> =
                    kept.map(|(name, schema)| (name.clone(), self.named(name, schema, depth))).collect();
                if self.one_in(40) {
                    made.insert("unheard_of".to_owned(), json!(1));
                }
                made.into()
            }
        }
    }

    /// What a good client would say under this name, most of the time.
    fn named(&self, name: &str, schema: &Value, depth: u32) -> Value {
        if self.one_in(5) {
            return self.value(schema, depth + 1);
        }
        match name {
            "class_code" => json!("E0110"),
            "area_code" => json!("320281108"),
            "lng" => json!(120.85),
            "lat" => json!(31.11),
            "photos" | "crs" | "device_at" | "accuracy_m" => {
                if self.one_in(2) {
                    json!([])
                } else {
                    Value::Null
                }
            }
            "description" => json!("路边有垃圾"),
            "persona" => json!("office"),
            _other => self.value(schema, depth + 1),
        }
    }

    fn text(&self) -> Value {
        if self.one_in(25) { json!("长".repeat(20_000)) } else { json!(self.pick(&IN_BODIES)) }
    }
}
