//! Every refusal of kernel, photos and platform in words, with its values.

use kernel::calendar::{CalendarError, LimitError};
use kernel::place::PlaceError;
use kernel::problem::{Problem, ToProblem};
use kernel::text::{TextError, clean_line, clean_text};
use photo::PhotoRefusal;
use platform::auth::AuthError;
use platform::db::Fault;
use platform::files::UploadError;
use platform::idempotency::OnceError;
use platform::web::{Dictionary, PROBLEMS, bad_text};
use testkit::words::faults;

fn problems<E: ToProblem>(samples: Vec<E>) -> Vec<Problem> {
    samples.iter().map(ToProblem::problem).collect()
}

fn of_kernel() -> Vec<Problem> {
    let mut all = problems(testkit::every!(TextError:
        TextError::Empty => TextError::Empty,
        TextError::TooLong { .. } => TextError::TooLong { max: 60, got: 61 },
        TextError::Control { .. } => TextError::Control { position: 3, code: 0 },
        TextError::LineEnd { .. } => TextError::LineEnd { position: 3, code: 0xB },
        TextError::Reversal { .. } => TextError::Reversal { position: 3, code: 0x202E },
    ));
    all.extend(problems(testkit::every!(PlaceError:
        PlaceError::NotFinite => PlaceError::NotFinite,
        PlaceError::OutOfRange { .. } => PlaceError::OutOfRange { lng: 181.5, lat: 0.0 },
        PlaceError::Swapped { .. } => PlaceError::Swapped { lng: 31.9, lat: 120.3 },
        PlaceError::BadAccuracy => PlaceError::BadAccuracy,
        PlaceError::Bd09 => PlaceError::Bd09,
        PlaceError::UnknownCrs(_) => PlaceError::UnknownCrs("mars".into()),
    )));
    all.extend(problems(testkit::every!(CalendarError:
        CalendarError::NoHours => CalendarError::NoHours,
        CalendarError::BadSpan { .. } => CalendarError::BadSpan { index: 0 },
        CalendarError::Overlap { .. } => CalendarError::Overlap { index: 1 },
    )));
    all.extend(problems(testkit::every!(LimitError:
        LimitError::Empty => LimitError::Empty,
        LimitError::NoNumber(_) => LimitError::NoNumber("-".into()),
        LimitError::UnknownUnit(_) => LimitError::UnknownUnit("-".into()),
        LimitError::Fraction(_) => LimitError::Fraction("0.5".into()),
        LimitError::Zero => LimitError::Zero,
        LimitError::TooLong => LimitError::TooLong,
    )));
    all
}

fn of_platform() -> Vec<Problem> {
    let mut all = problems(testkit::every!(PhotoRefusal:
        PhotoRefusal::NotAPhoto => PhotoRefusal::NotAPhoto,
        PhotoRefusal::Heic => PhotoRefusal::Heic,
        PhotoRefusal::TooLarge => PhotoRefusal::TooLarge,
        PhotoRefusal::TooManyPixels { .. } => PhotoRefusal::TooManyPixels { width: 9_000, height: 9_000 },
        PhotoRefusal::Truncated => PhotoRefusal::Truncated,
        PhotoRefusal::Unreadable => PhotoRefusal::Unreadable,
        PhotoRefusal::Lost => PhotoRefusal::Lost,
    ));
    all.extend(problems(testkit::every!(AuthError:
        AuthError::WrongPassword => AuthError::WrongPassword,
        AuthError::LoginTaken(_) => AuthError::LoginTaken("zs".into()),
        AuthError::NoSuchUser => AuthError::NoSuchUser,
        AuthError::WeakPassword => AuthError::WeakPassword,
        AuthError::Fault(_) => AuthError::Fault(Fault::Stale),
    )));
    all.extend(problems(testkit::every!(OnceError:
        OnceError::Reused => OnceError::Reused,
        OnceError::Fault(_) => OnceError::Fault(Fault::Stale),
    )));
    all.extend(problems(testkit::every!(UploadError:
        UploadError::Photo(_) => UploadError::Photo(PhotoRefusal::Heic),
        UploadError::Broken(_) => UploadError::Broken("reset".into()),
        UploadError::Key(_) => UploadError::Key(OnceError::Reused),
    )));
    all.extend(problems(testkit::every!(Fault:
        Fault::Database(_) => Fault::Database(std::sync::Arc::new(sea_orm::DbErr::Custom("gone".into()))),
        Fault::Duplicate(_) => Fault::Duplicate("platform_user".into()),
        Fault::Stale => Fault::Stale,
        Fault::LostRace => Fault::LostRace,
        Fault::Unreadable(_) => Fault::Unreadable("a record".into()),
        Fault::Edited(_) => Fault::Edited("2026"),
        Fault::Panicked(_) => Fault::Panicked("why".into()),
        Fault::Files(_) => Fault::Files("away".into()),
        Fault::Elsewhere(_) => Fault::Elsewhere("7".into()),
        Fault::NoRoom => Fault::NoRoom,
        Fault::Stopped => Fault::Stopped,
    )));
    all
}

#[test]
fn every_refusal_is_said_with_its_values() {
    let dictionary = Dictionary::read(&[PROBLEMS]).unwrap();
    let all = [of_kernel(), of_platform()].concat();
    assert_eq!(faults(&dictionary, &all), Vec::<String>::new());
    // Also as a field of a larger refusal.
    let fields = |problem: &Problem| {
        let code = problem.code.clone();
        Problem::unprocessable("platform/bad-text").at_with("/name", code, problem.params.clone())
    };
    let fields: Vec<Problem> = all.iter().map(fields).collect();
    assert_eq!(faults(&dictionary, &fields), Vec::<String>::new());
}

#[test]
fn every_sign_that_is_refused_is_named_in_both_languages() {
    let dictionary = Dictionary::read(&[PROBLEMS]).unwrap();
    let mut refused = Vec::new();
    for code in (0..0x3000_u32).chain(0xFDD0..0xFE00).chain(0xFF00..0x1_0000) {
        let text = format!("甲{}乙", char::from_u32(code).unwrap_or('丙'));
        for error in [clean_line(&text, 9).err(), clean_text(&text, 9).err()].into_iter().flatten() {
            refused.push(bad_text(&error, "/name"));
        }
    }
    assert!(refused.len() > 100);
    assert_eq!(faults(&dictionary, &refused), Vec::<String>::new());
    let said = dictionary.body(kernel::problem::Lang::Zh, &refused[0], "");
    let said = said["fields"][0]["title"].as_str().unwrap();
    assert_eq!(said, "第 2 个字处有看不见的空字符（U+0000）。请删除后重新输入。");
}
