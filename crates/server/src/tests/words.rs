//! Words of the whole product: that every code has some, and that no refusal is built without the values of its words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kernel::problem::{Lang, places};
use platform::web::Dictionary;

/// Calls that bring a value along by themselves: a cell that is read, a value of a query.
const BRING: &[(&str, &str)] =
    &[(".read(", "text"), ("bad_query(", "text"), ("self.read(", "text"), ("row.read(", "text")];

fn dictionary() -> Dictionary {
    Dictionary::read(crate::router::WORDS).unwrap()
}

/// Sources of the product without their tests, by path.
fn sources(folder: &Path, out: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "tests" | "benches" | "examples") {
            sources(&path, out);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            // What the API document says of a route builds nothing, and comments neither.
            let lines = code
                .lines()
                .filter(|line| !line.contains("status = ") && !line.trim_start().starts_with("//"));
            out.insert(path.display().to_string(), lines.collect::<Vec<_>>().join("\n"));
        }
    }
}

fn product() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap() {
        let crate_folder = entry.unwrap().path();
        let is_product = !matches!(
            crate_folder.file_name().and_then(|name| name.to_str()),
            Some("testkit" | "demo" | "scenery")
        );
        if is_product && crate_folder.join("src").is_dir() {
            sources(&crate_folder.join("src"), &mut all);
        }
    }
    assert!(all.len() > 100);
    all
}

/// The codes in a source, each with what stands around it.
fn codes<'a>(text: &'a str, contexts: &BTreeSet<&str>) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('"') {
        let Some(code) = text[at + 1..].split('"').next() else { continue };
        let is_code = code.split_once('/').is_some_and(|(context, name)| {
            contexts.contains(context)
                && !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        });
        if !is_code {
            continue;
        }
        let mut from = at.saturating_sub(500);
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let mut to = (at + 400).min(text.len());
        while !text.is_char_boundary(to) {
            to += 1;
        }
        // A table of codes of an enum is held by the samples of its crate.
        let in_table = text[..at].trim_end().ends_with("=>") || text[..at].ends_with("=> ");
        if !in_table {
            found.push((code, &text[from..to]));
        }
    }
    found
}

#[test]
fn every_code_of_the_product_has_words_and_is_built_with_their_values() {
    let dictionary = dictionary();
    let known = dictionary.codes();
    let contexts: BTreeSet<&str> =
        known.iter().filter_map(|code| code.split('/').next()).filter(|context| *context != "text").collect();
    let mut wrong = Vec::new();
    for (path, text) in &product() {
        for (code, around) in codes(text, &contexts) {
            if !dictionary.knows(code) {
                wrong.push(format!("{path}: no words for {code}"));
                continue;
            }
            let written = [Lang::Zh, Lang::En].map(|lang| dictionary.written(lang, code).unwrap_or_default());
            let names: BTreeSet<&str> = written.iter().flatten().flat_map(|words| places(words)).collect();
            let given = |name: &str| {
                around.contains(&format!("\"{name}\""))
                    || BRING.iter().any(|(call, brings)| *brings == name && around.contains(call))
            };
            let missing = names.into_iter().filter(|name| !given(name));
            wrong.extend(missing.map(|name| format!("{path}: {code} without a value for {name}")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn both_languages_say_something_of_the_same_codes_and_of_the_same_things() {
    let dictionary = dictionary();
    let mut wrong = Vec::new();
    for code in dictionary.codes() {
        let [zh, en] = [Lang::Zh, Lang::En].map(|lang| dictionary.written(lang, code).unwrap_or_default());
        let things = |words: &[&str; 2]| -> BTreeSet<String> {
            let all = words.iter().flat_map(|words| places(words));
            all.map(|name| name.trim_end_matches("_zh").trim_end_matches("_en").to_owned()).collect()
        };
        let same = things(&zh) == things(&en) || matches!(code, "platform/bad-json" | "platform/bad-query");
        // What stands once only need not be told twice: of a value that is bad its field says it.
        let told = !zh[0].is_empty() && !en[0].is_empty() && (zh[1].is_empty() == en[1].is_empty());
        if !same || !told || !dictionary.knows(code) {
            wrong.push(format!("{code}: {zh:?} {en:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
