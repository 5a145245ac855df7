//! What no single file can test: that every code has words.

use std::collections::BTreeSet;
use std::path::Path;

use kernel::problem::{Problem, ToProblem};
use platform::web::Dictionary;

use crate::errors::OrgError;

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

/// One of each refusal, with values: a variant without a sample does not compile.
fn refusals() -> Vec<OrgError> {
    let states = ["reading", "preview", "applying", "applied", "undoing", "undone"];
    let mut all = testkit::every!(OrgError:
        OrgError::NoBackstop => OrgError::NoBackstop,
        OrgError::OutsideCity => OrgError::OutsideCity,
        OrgError::Unfit(_) => OrgError::Unfit(vec![]),
        OrgError::NoSuchRecord => OrgError::NoSuchRecord,
        OrgError::ImportRunning => OrgError::ImportRunning,
        OrgError::NotAWorkbook => OrgError::NotAWorkbook,
        OrgError::WorkbookTooLarge => OrgError::WorkbookTooLarge,
        OrgError::NoSheet(_) => OrgError::NoSheet("units".into()),
        OrgError::PreviewHasErrors(_) => OrgError::PreviewHasErrors(3),
        OrgError::WrongImportState(_) => OrgError::WrongImportState("applied".into()),
        OrgError::UndoTooLate(_) => OrgError::UndoTooLate(30),
        OrgError::OwnRights => OrgError::OwnRights,
        OrgError::OwnRightsWider => OrgError::OwnRightsWider,
        OrgError::RemovalsUnconfirmed(_) => OrgError::RemovalsUnconfirmed(12),
        OrgError::ChangedSince(_) => OrgError::ChangedSince(vec!["R001".into()]),
    );
    all.extend(states.map(|state| OrgError::WrongImportState(state.into())));
    all
}

#[test]
fn every_refusal_is_said_with_its_values() {
    let dictionary = Dictionary::read(&[platform::web::PROBLEMS, crate::PROBLEMS]).unwrap();
    // The name of a sheet is Chinese, whoever reads it.
    let problems: Vec<Problem> = refusals().iter().map(ToProblem::problem).collect();
    let found: Vec<String> = testkit::words::faults(&dictionary, &problems);
    let named = |fault: &String| fault.starts_with("org/no-sheet Zh: units");
    assert_eq!(found.into_iter().filter(|fault| !named(fault)).collect::<Vec<_>>(), Vec::<String>::new());
}
