use platform::web::Dictionary;
use serde_json::Value;

use super::*;

/// One of each, with values: a variant without a sample does not compile.
fn samples() -> Vec<CaseError> {
    let at = Time(1_772_414_400_000);
    let class: ClassCode = "E0110".parse().unwrap();
    let standard: StandardId = "E0110-1".into();
    testkit::every!(CaseError:
        CaseError::NotFound => CaseError::NotFound,
        CaseError::ReceiptUnknown => CaseError::ReceiptUnknown,
        CaseError::AlreadyReported => CaseError::AlreadyReported,
        CaseError::WrongPhase { .. } => CaseError::WrongPhase { found: State::Handling, act: Act::Close },
        CaseError::NotAllowed { .. } => CaseError::NotAllowed { act: Act::File },
        CaseError::SourceNotYours { .. } => CaseError::SourceNotYours { source_given: Source::Leader },
        CaseError::OutsideCity => CaseError::OutsideCity,
        CaseError::PlaceMissing => CaseError::PlaceMissing,
        CaseError::AreaUnknown { .. } => CaseError::AreaUnknown { code: "320281999".into() },
        CaseError::ClassUnknown { .. } => CaseError::ClassUnknown { class: class.to_string() },
        CaseError::NothingSaid => CaseError::NothingSaid,
        CaseError::DeviceTime { .. } => CaseError::DeviceTime { now: at },
        CaseError::PhotosMissing { .. } => CaseError::PhotosMissing { least: 1, got: 0 },
        CaseError::TooManyPhotos { .. } => CaseError::TooManyPhotos { most: 9, got: 10 },
        CaseError::PhotoTwice { .. } => CaseError::PhotoTwice { first: 1, second: 3 },
        CaseError::PhotoReused { .. } => CaseError::PhotoReused { position: 2, number: "JY20260302-0001".into(), used_at: at },
        CaseError::PhotoUnknown { .. } => CaseError::PhotoUnknown { position: 4 },
        CaseError::PhotoNotReady { .. } => CaseError::PhotoNotReady { position: 2 },
        CaseError::NotFoundOnSite => CaseError::NotFoundOnSite,
        CaseError::StandardUnknown { .. } => CaseError::StandardUnknown { standard: standard.clone() },
        CaseError::StandardOfOtherClass { .. } => CaseError::StandardOfOtherClass { standard: standard.clone(), class },
        CaseError::StandardNotInForce { .. } => CaseError::StandardNotInForce { standard },
        CaseError::ReasonUnknown { .. } => CaseError::ReasonUnknown { reason: "rumour".into() },
        CaseError::NoteMissing { .. } => CaseError::NoteMissing { act: Act::Refuse },
        CaseError::UnitUnknown => CaseError::UnitUnknown,
        CaseError::NotAccountableUnit => CaseError::NotAccountableUnit,
        CaseError::FixerNeverChecks => CaseError::FixerNeverChecks,
        CaseError::FixerNeverCloses => CaseError::FixerNeverCloses,
        CaseError::OnlyReporter => CaseError::OnlyReporter,
        CaseError::NoReceipt => CaseError::NoReceipt,
        CaseError::VerdictAlready { .. } => CaseError::VerdictAlready { at },
        CaseError::VerdictTooLate { .. } => CaseError::VerdictTooLate { until: at },
        CaseError::OnlyTimer => CaseError::OnlyTimer,
        CaseError::ClockStopped { .. } => CaseError::ClockStopped { clock: ClockKind::Unit },
        CaseError::NotYetDue { .. } => CaseError::NotYetDue { clock: ClockKind::Check, due_at: at },
        CaseError::OverrunRecorded { .. } => CaseError::OverrunRecorded { clock: ClockKind::Intake },
        CaseError::DeadlineStands => CaseError::DeadlineStands,
        CaseError::ReporterHidden => CaseError::ReporterHidden,
        CaseError::NoReporter => CaseError::NoReporter,
        CaseError::NothingToErase => CaseError::NothingToErase,
    )
}

#[test]
fn every_refusal_has_words_in_both_languages_and_they_are_filled() {
    let dictionary = Dictionary::read(&[crate::PROBLEMS]).unwrap();
    let problems: Vec<Problem> = samples().iter().map(ToProblem::problem).collect();
    assert_eq!(testkit::words::faults(&dictionary, &problems), Vec::<String>::new());
    let mut codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_ref()).collect();
    codes.sort_unstable();
    assert_eq!(codes, dictionary.codes(), "codes and words are the same set");
}

#[test]
fn every_word_of_a_state_an_act_a_source_and_a_clock_fits_its_sentence() {
    let dictionary = Dictionary::read(&[crate::PROBLEMS]).unwrap();
    let mut problems = Vec::new();
    for act in Act::ALL {
        problems.extend(
            State::ALL.iter().map(|found| CaseError::WrongPhase { found: *found, act: *act }.problem()),
        );
        problems.push(CaseError::NotAllowed { act: *act }.problem());
        problems.push(CaseError::NoteMissing { act: *act }.problem());
    }
    problems.extend(
        Source::ALL.iter().map(|source| CaseError::SourceNotYours { source_given: *source }.problem()),
    );
    problems.extend(ClockKind::ALL.iter().map(|clock| CaseError::ClockStopped { clock: *clock }.problem()));
    assert!(problems.len() > 100);
    assert_eq!(testkit::words::faults(&dictionary, &problems), Vec::<String>::new());
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
