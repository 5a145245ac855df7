use std::collections::BTreeMap;

use kernel::problem::fill;
use serde_json::Value;

use super::*;

/// One of each, with values.
fn samples() -> Vec<CaseError> {
    let at = Time(1_772_414_400_000);
    let class: ClassCode = "E0110".parse().unwrap();
    let standard: StandardId = "E0110-1".into();
    vec![
        CaseError::NotFound,
        CaseError::ReceiptUnknown,
        CaseError::AlreadyReported,
        CaseError::WrongPhase { found: State::Handling, act: Act::Close },
        CaseError::NotAllowed { act: Act::File },
        CaseError::SourceNotYours { source_given: Source::Leader },
        CaseError::OutsideCity,
        CaseError::PlaceWordsMissing,
        CaseError::ClassNeeded { source_given: Source::Inspector },
        CaseError::NotClassed,
        CaseError::PlaceMissing,
        CaseError::AreaUnknown { code: "320281999".into() },
        CaseError::ClassUnknown { class: class.to_string() },
        CaseError::NothingSaid,
        CaseError::DeviceTime { now: at },
        CaseError::PhotosMissing { least: 1, got: 0 },
        CaseError::TooManyPhotos { most: 9, got: 10 },
        CaseError::PhotoTwice { first: 1, second: 3 },
        CaseError::PhotoReused { position: 2, number: "JY20260302-0001".into(), used_at: at },
        CaseError::PhotoUnknown { position: 4 },
        CaseError::PhotoNotReady { position: 2 },
        CaseError::NotFoundOnSite,
        CaseError::StandardUnknown { standard: standard.clone() },
        CaseError::StandardOfOtherClass { standard: standard.clone(), class },
        CaseError::StandardNotInForce { standard },
        CaseError::ReasonUnknown { reason: "rumour".into() },
        CaseError::NoteMissing { act: Act::Refuse },
        CaseError::UnitUnknown,
        CaseError::NotAccountableUnit,
        CaseError::FixerNeverChecks,
        CaseError::FixerNeverCloses,
        CaseError::OnlyReporter,
        CaseError::NoReceipt,
        CaseError::VerdictAlready { at },
        CaseError::VerdictTooLate { until: at },
        CaseError::OnlyTimer,
        CaseError::ClockStopped { clock: ClockKind::Unit },
        CaseError::NotYetDue { clock: ClockKind::Check, due_at: at },
        CaseError::OverrunRecorded { clock: ClockKind::Intake },
        CaseError::ReporterHidden,
        CaseError::NoReporter,
        CaseError::NothingToErase,
    ]
}

fn words(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_refusal_has_words_in_both_languages_and_they_are_filled() {
    let zh = words(include_str!("../../i18n/zh.json"));
    let en = words(include_str!("../../i18n/en.json"));
    let mut codes = Vec::new();
    for error in samples() {
        let problem = error.problem();
        for (lang, words) in [("zh", &zh), ("en", &en)] {
            let Some(entry) = words.get(&*problem.code) else {
                panic!("{lang}: no words for {}", problem.code)
            };
            for part in ["title", "detail"] {
                let filled = fill(&entry[part], &problem.params);
                assert!(!filled.is_empty() && !filled.contains('{'), "{lang} {}: {filled}", problem.code);
            }
        }
        codes.push(problem.code.into_owned());
    }
    codes.sort();
    assert_eq!(codes, zh.keys().cloned().collect::<Vec<_>>(), "codes and words are the same set");
}

#[test]
fn refusals_carry_status_and_values() {
    let lines: Vec<String> = samples()
        .iter()
        .map(|error| {
            let problem = error.problem();
            let params = Value::from_iter(problem.params.iter().map(|(name, value)| (*name, value.clone())));
            let at = problem.fields.first().map_or("", |field| field.pointer.as_str());
            format!("{} {} {params} {at} # {error}", problem.status, problem.code)
        })
        .collect();
    insta::assert_snapshot!("problems", lines.join("\n"));
}
