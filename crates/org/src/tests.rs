//! What no single file can test: that every code has words.

use std::collections::BTreeSet;
use std::path::Path;

use platform::web::Dictionary;

fn sources(folder: &Path, out: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.file_name().is_some_and(|name| name != "tests.rs") {
            out.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_code_has_words_in_both_languages_and_none_is_left_over() {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    let mut used: BTreeSet<String> = BTreeSet::new();
    for part in text.split("\"org/").skip(1) {
        let code: String = part.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        used.insert(format!("org/{code}"));
    }
    assert!(used.len() > 50);
    let dictionary = Dictionary::read(&[crate::PROBLEMS]).unwrap();
    let known: BTreeSet<String> = dictionary.codes().into_iter().map(str::to_owned).collect();
    assert_eq!(used, known);
    assert!(known.iter().all(|code| dictionary.knows(code)));
}
