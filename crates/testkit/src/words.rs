//! Words of refusals as people read them: rendered with their values, in both languages.

use kernel::problem::{Lang, Problem};
use platform::web::Dictionary;

/// One sample of each variant of a refusal: `every!(Refusal: Refusal::A => Refusal::A, Refusal::B { .. } => Refusal::B { n: 1 })`.
/// A variant without a pattern does not compile, and a sample that is not of its pattern fails.
#[macro_export]
macro_rules! every {
    ($type:ty: $($pattern:pat => $sample:expr),+ $(,)?) => {{
        fn named(value: &$type) {
            match value {
                $($pattern => {})+
            }
        }
        let mut samples: Vec<$type> = Vec::new();
        $(
            let sample: $type = $sample;
            named(&sample);
            assert!(matches!(&sample, $pattern), "{sample:?} is no {}", stringify!($pattern));
            samples.push(sample);
        )+
        samples
    }};
}

/// Latin words that officials use, names of formats, and what has to be typed as it is.
const KNOWN: &[&str] = &[
    "JPEG",
    "PNG",
    "WebP",
    "HEIC",
    "HEIF",
    "AVIF",
    "MB",
    "PDF",
    "GPS",
    "Excel",
    "WPS",
    "XLSX",
    "xlsx",
    "JSON",
    "GeoJSON",
    "Polygon",
    "MultiPolygon",
    "WGS",
    "CGCS",
    "GCJ",
    "BD",
    "wgs",
    "cgcs",
    "gcj",
    "REF",
    "Content-Type",
    "application/json",
    "If-Match",
    "Idempotency-Key",
    "/api/v1/openapi.json",
    "N/A",
];

/// What is wrong with the words of some problems: no words, a name without its value, English in Chinese or Chinese in
/// English, inner names such as `user:4`. Values that somebody typed must be Chinese in `zh` and English in `en` samples.
pub fn faults(dictionary: &Dictionary, problems: &[Problem]) -> Vec<String> {
    let mut found = Vec::new();
    for problem in problems {
        let code = problem.code.as_ref();
        if !dictionary.knows(code) {
            found.push(format!("{code}: no words"));
        }
        for lang in [Lang::Zh, Lang::En] {
            let body = dictionary.body(lang, problem, "");
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let mut texts = vec![text(&body["title"]), text(&body["detail"])];
            texts.extend(body["fields"].as_array().into_iter().flatten().map(|field| text(&field["title"])));
            // What is missing is not said, so the names are looked for in the words as they are written.
            let written = dictionary.written(lang, code).unwrap_or_default();
            let names = written.iter().flat_map(|words| kernel::problem::places(words));
            let missing = names.filter(|name| !problem.params.contains_key(name));
            found.extend(missing.map(|name| format!("{code} {lang:?}: no value for {name}")));
            for field in &problem.fields {
                let written = dictionary.written(lang, &field.code).unwrap_or_default();
                let names = written.iter().flat_map(|words| kernel::problem::places(words));
                let missing = names.filter(|name| !field.params.contains_key(name));
                found.extend(
                    missing.map(|name| format!("{code} {} {lang:?}: no value for {name}", field.code)),
                );
            }
            if texts.first().is_none_or(String::is_empty) {
                found.push(format!("{code} {lang:?}: no title"));
            }
            found.extend(
                texts
                    .iter()
                    .filter_map(|text| fault(text, lang))
                    .map(|why| format!("{code} {lang:?}: {why}")),
            );
        }
    }
    found
}

/// What is wrong with a text for people.
fn fault(text: &str, lang: Lang) -> Option<String> {
    if text.contains(['{', '}']) || text.contains("user:") {
        return Some(format!("an inner name in {text}"));
    }
    let chinese = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    // Words that have to be typed in Chinese stand so in English too, as the names of the demo's templates do.
    let typed = ["全部", "每天", "周一至周五", "周六、周日"];
    match lang {
        Lang::En => {
            let plain = typed.iter().fold(text.to_owned(), |text, word| text.replace(word, ""));
            plain.contains(chinese).then(|| format!("Chinese in {text}"))
        }
        Lang::Zh => {
            let mut known: Vec<&str> = KNOWN.to_vec();
            known.sort_by_key(|word| std::cmp::Reverse(word.len()));
            let plain = known.iter().fold(text.to_owned(), |text, word| text.replace(word, ""));
            // Numbers of characters (U+FFFE) and codes (E0110) hold figures or stand behind a plus.
            let words = plain.split(|c: char| !c.is_ascii_alphanumeric() && c != '+');
            let mut words = words.filter(|word| word.bytes().all(|b| b.is_ascii_alphabetic()));
            let english = words.find(|word| word.len() > 2);
            english.map(|word| format!("{word} in {text}"))
        }
    }
}
