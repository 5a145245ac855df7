//! Every way in which a case says no, with its stable code.
//!
//! The words stand in `i18n/zh.json` and `i18n/en.json`, by code: what is wrong, where, and how to mend it. Names of
//! states and acts are given in both languages, because the words are chosen later.

use kernel::class::ClassCode;
use kernel::problem::{Lang, Problem, ToProblem};
use kernel::time::Time;

use crate::model::{Act, CaseNumber, ClockKind, ReasonCode, Source, StandardId, State};

/// Why a command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// There is no such case, or not for this caller.
    #[error("no such case")]
    NotFound,
    /// Nobody has a receipt of this code.
    #[error("no such receipt")]
    ReceiptUnknown,
    /// The id of a new case is taken.
    #[error("this case has been reported already")]
    AlreadyReported,
    /// The act does not belong to where the case stands.
    #[error("the case is {found}; {act} is not possible now")]
    WrongPhase {
        /// Where it stands.
        found: State,
        /// What was asked.
        act: Act,
    },
    /// The caller's roles do not open this act here.
    #[error("not allowed: {act}")]
    NotAllowed {
        /// What was asked.
        act: Act,
    },
    /// Residents report as residents, staff never do.
    #[error("source {source_given} is not this caller's")]
    SourceNotYours {
        /// The channel named.
        source_given: Source,
    },
    /// The point lies outside the city.
    #[error("the place lies outside the city")]
    OutsideCity,
    /// Neither a whole point nor the code of an area.
    #[error("neither a point with its system nor an area code")]
    PlaceMissing,
    /// No town, village or cell of this code.
    #[error("no area {code}")]
    AreaUnknown {
        /// What was named.
        code: String,
    },
    /// A place without coordinates and without words: nobody would find it.
    #[error("no coordinates and no words for the place")]
    PlaceWordsMissing,
    /// This channel has to say what kind of problem it is.
    #[error("a report by {source_given} must have a class")]
    ClassNeeded {
        /// The channel.
        source_given: Source,
    },
    /// Nobody has said yet what kind of problem it is, so nobody answers for it yet.
    #[error("not classed yet")]
    NotClassed,
    /// No such class in the catalogue.
    #[error("no class {class}")]
    ClassUnknown {
        /// What was named.
        class: String,
    },
    /// A report without words and without a photo.
    #[error("a report needs a photo or a description")]
    NothingSaid,
    /// The device says a moment that cannot be: in the future, or too long ago.
    #[error("the device's own time cannot be; it is {now:?}")]
    DeviceTime {
        /// What time it is.
        now: Time,
    },
    /// Fewer photos than the policy or the standard asks for.
    #[error("at least {least} photos are needed, got {got}")]
    PhotosMissing {
        /// How many are needed.
        least: u8,
        /// How many came.
        got: usize,
    },
    /// More photos than one step may carry.
    #[error("at most {most} photos, got {got}")]
    TooManyPhotos {
        /// How many may come.
        most: u8,
        /// How many came.
        got: usize,
    },
    /// The same original twice in one step; positions count from 1.
    #[error("photo {second} is the same as photo {first}")]
    PhotoTwice {
        /// The first of the two.
        first: usize,
        /// The second of the two.
        second: usize,
    },
    /// The same original was used before, in this case or in another.
    #[error("photo {position} was used in case {number} at {used_at:?}")]
    PhotoReused {
        /// Which photo, counted from 1.
        position: usize,
        /// Where it was used.
        number: CaseNumber,
        /// When.
        used_at: Time,
    },
    /// The photo was never uploaded, was refused, or belongs to somebody else.
    #[error("no photo {position} to take")]
    PhotoUnknown {
        /// Which photo, counted from 1.
        position: usize,
    },
    /// The copies of the photo could not be made yet, for a passing reason on our side: whether it shows anything is not
    /// known.
    #[error("photo {position} is not ready yet")]
    PhotoNotReady {
        /// Which photo, counted from 1.
        position: usize,
    },
    /// The look on the spot found nothing: only refusing is left.
    #[error("the problem was not found on the spot")]
    NotFoundOnSite,
    /// No such standard row.
    #[error("no standard {standard}")]
    StandardUnknown {
        /// What was named.
        standard: StandardId,
    },
    /// The row is of another class than the case.
    #[error("standard {standard} is not of class {class}")]
    StandardOfOtherClass {
        /// The row.
        standard: StandardId,
        /// The class of the case.
        class: ClassCode,
    },
    /// The row does not hold today.
    #[error("standard {standard} is not in force")]
    StandardNotInForce {
        /// The row.
        standard: StandardId,
    },
    /// No such reason for refusing.
    #[error("no reason {reason}")]
    ReasonUnknown {
        /// What was named.
        reason: ReasonCode,
    },
    /// The act says nothing without words.
    #[error("{act} needs a note")]
    NoteMissing {
        /// What was asked.
        act: Act,
    },
    /// No such unit, or it is closed down.
    #[error("no such unit")]
    UnitUnknown,
    /// Only the accountable unit handles a case.
    #[error("the case belongs to another unit")]
    NotAccountableUnit,
    /// The unit that fixes never checks.
    #[error("the fixing unit never checks its own case")]
    FixerNeverChecks,
    /// The unit that fixes never closes.
    #[error("the fixing unit never closes its own case")]
    FixerNeverCloses,
    /// Only the reporter, by his receipt, gives a verdict.
    #[error("only the reporter gives a verdict")]
    OnlyReporter,
    /// Nobody has a receipt of this case.
    #[error("the case has no receipt")]
    NoReceipt,
    /// One verdict for each case.
    #[error("a verdict was given at {at:?}")]
    VerdictAlready {
        /// When.
        at: Time,
    },
    /// The time for a verdict is over.
    #[error("a verdict was possible until {until:?}")]
    VerdictTooLate {
        /// Until when it was possible.
        until: Time,
    },
    /// Only the timer records an overrun.
    #[error("only the timer records an overrun")]
    OnlyTimer,
    /// The clock that was to run out has been stopped or moved.
    #[error("the {clock} clock does not run any more")]
    ClockStopped {
        /// Which clock.
        clock: ClockKind,
    },
    /// The clock still has time.
    #[error("the {clock} clock runs until {due_at:?}")]
    NotYetDue {
        /// Which clock.
        clock: ClockKind,
        /// Until when.
        due_at: Time,
    },
    /// The overrun stands in the journal already.
    #[error("the overrun of the {clock} clock is recorded already")]
    OverrunRecorded {
        /// Which clock.
        clock: ClockKind,
    },
    /// A reporter's identity stays hidden from the unit that answers.
    #[error("the reporter is hidden from the fixing unit")]
    ReporterHidden,
    /// The case holds neither name nor phone.
    #[error("the case holds no name and no phone")]
    NoReporter,
    /// The case holds none of the fields that were to be erased.
    #[error("nothing to erase")]
    NothingToErase,
}

impl CaseError {
    /// The stable code of the problem.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "cases/not-found",
            Self::ReceiptUnknown => "cases/receipt-unknown",
            Self::AlreadyReported => "cases/already-reported",
            Self::WrongPhase { .. } => "cases/wrong-phase",
            Self::NotAllowed { .. } => "cases/not-allowed",
            Self::SourceNotYours { .. } => "cases/source-not-yours",
            Self::OutsideCity => "cases/outside-city",
            Self::PlaceMissing => "cases/place-missing",
            Self::AreaUnknown { .. } => "cases/area-unknown",
            Self::PlaceWordsMissing => "cases/place-words-missing",
            Self::ClassNeeded { .. } => "cases/class-needed",
            Self::NotClassed => "cases/not-classed",
            Self::ClassUnknown { .. } => "cases/class-unknown",
            Self::NothingSaid => "cases/nothing-said",
            Self::DeviceTime { .. } => "cases/device-time",
            Self::PhotosMissing { .. } => "cases/photos-missing",
            Self::TooManyPhotos { .. } => "cases/too-many-photos",
            Self::PhotoTwice { .. } => "cases/photo-twice",
            Self::PhotoReused { .. } => "cases/photo-reused",
            Self::PhotoUnknown { .. } => "cases/photo-unknown",
            Self::PhotoNotReady { .. } => "cases/photo-not-ready",
            Self::NotFoundOnSite => "cases/not-found-on-site",
            Self::StandardUnknown { .. } => "cases/standard-unknown",
            Self::StandardOfOtherClass { .. } => "cases/standard-of-other-class",
            Self::StandardNotInForce { .. } => "cases/standard-not-in-force",
            Self::ReasonUnknown { .. } => "cases/reason-unknown",
            Self::NoteMissing { .. } => "cases/note-missing",
            Self::UnitUnknown => "cases/unit-unknown",
            Self::NotAccountableUnit => "cases/not-accountable-unit",
            Self::FixerNeverChecks => "cases/fixer-never-checks",
            Self::FixerNeverCloses => "cases/fixer-never-closes",
            Self::OnlyReporter => "cases/only-reporter",
            Self::NoReceipt => "cases/no-receipt",
            Self::VerdictAlready { .. } => "cases/verdict-already",
            Self::VerdictTooLate { .. } => "cases/verdict-too-late",
            Self::OnlyTimer => "cases/only-timer",
            Self::ClockStopped { .. } => "cases/clock-stopped",
            Self::NotYetDue { .. } => "cases/not-yet-due",
            Self::OverrunRecorded { .. } => "cases/overrun-recorded",
            Self::ReporterHidden => "cases/reporter-hidden",
            Self::NoReporter => "cases/no-reporter",
            Self::NothingToErase => "cases/nothing-to-erase",
        }
    }

    const fn status(&self) -> u16 {
        match self {
            Self::NotFound | Self::ReceiptUnknown => 404,
            Self::NotAllowed { .. }
            | Self::SourceNotYours { .. }
            | Self::NotAccountableUnit
            | Self::FixerNeverChecks
            | Self::FixerNeverCloses
            | Self::OnlyReporter
            | Self::OnlyTimer
            | Self::ReporterHidden => 403,
            Self::AlreadyReported
            | Self::WrongPhase { .. }
            | Self::NotFoundOnSite
            | Self::NotClassed
            | Self::NoReceipt
            | Self::VerdictAlready { .. }
            | Self::VerdictTooLate { .. }
            | Self::ClockStopped { .. }
            | Self::NotYetDue { .. }
            | Self::OverrunRecorded { .. }
            | Self::NoReporter
            | Self::NothingToErase => 409,
            Self::OutsideCity
            | Self::PlaceMissing
            | Self::AreaUnknown { .. }
            | Self::PlaceWordsMissing
            | Self::ClassNeeded { .. }
            | Self::ClassUnknown { .. }
            | Self::NothingSaid
            | Self::DeviceTime { .. }
            | Self::PhotosMissing { .. }
            | Self::TooManyPhotos { .. }
            | Self::PhotoTwice { .. }
            | Self::PhotoReused { .. }
            | Self::PhotoUnknown { .. }
            | Self::StandardUnknown { .. }
            | Self::StandardOfOtherClass { .. }
            | Self::StandardNotInForce { .. }
            | Self::ReasonUnknown { .. }
            | Self::NoteMissing { .. }
            | Self::UnitUnknown => 422,
            // Not the sender's mistake, and the same again may be taken.
            Self::PhotoNotReady { .. } => 503,
        }
    }
}

impl CaseError {
    /// Where in the body of a request the mistake stands. Bodies name their fields alike for that.
    fn pointer(&self) -> Option<String> {
        let photo = |position: &usize| format!("/photos/{}", position.saturating_sub(1));
        match self {
            Self::OutsideCity | Self::PlaceMissing => Some("/place".to_owned()),
            Self::AreaUnknown { .. } => Some("/place/area_code".to_owned()),
            Self::PlaceWordsMissing => Some("/address".to_owned()),
            Self::ClassUnknown { .. } | Self::ClassNeeded { .. } => Some("/class_code".to_owned()),
            Self::SourceNotYours { .. } => Some("/source".to_owned()),
            Self::NothingSaid => Some("/description".to_owned()),
            Self::DeviceTime { .. } => Some("/device_at".to_owned()),
            Self::PhotosMissing { .. } | Self::TooManyPhotos { .. } => Some("/photos".to_owned()),
            Self::PhotoTwice { second, .. } => Some(photo(second)),
            Self::PhotoReused { position, .. }
            | Self::PhotoUnknown { position }
            | Self::PhotoNotReady { position } => Some(photo(position)),
            Self::StandardUnknown { .. }
            | Self::StandardOfOtherClass { .. }
            | Self::StandardNotInForce { .. } => Some("/standard_id".to_owned()),
            Self::ReasonUnknown { .. } => Some("/reason_code".to_owned()),
            Self::NoteMissing { .. } => Some("/note".to_owned()),
            Self::UnitUnknown => Some("/unit_id".to_owned()),
            Self::NotFound
            | Self::ReceiptUnknown
            | Self::AlreadyReported
            | Self::WrongPhase { .. }
            | Self::NotAllowed { .. }
            | Self::NotFoundOnSite
            | Self::NotClassed
            | Self::NotAccountableUnit
            | Self::FixerNeverChecks
            | Self::FixerNeverCloses
            | Self::OnlyReporter
            | Self::NoReceipt
            | Self::VerdictAlready { .. }
            | Self::VerdictTooLate { .. }
            | Self::OnlyTimer
            | Self::ClockStopped { .. }
            | Self::NotYetDue { .. }
            | Self::OverrunRecorded { .. }
            | Self::ReporterHidden
            | Self::NoReporter
            | Self::NothingToErase => None,
        }
    }

    /// The values for the words.
    fn with_values(&self, problem: Problem) -> Problem {
        match self {
            Self::WrongPhase { found, act } => problem
                .with("found", found.code())
                .with("found_zh", found.name(Lang::Zh))
                .with("found_en", found.name(Lang::En))
                .with_act(*act),
            Self::NotAllowed { act } | Self::NoteMissing { act } => problem.with_act(*act),
            Self::SourceNotYours { source_given } | Self::ClassNeeded { source_given } => problem
                .with("source", source_given.code())
                .with("source_zh", source_given.name(Lang::Zh))
                .with("source_en", source_given.name(Lang::En)),
            Self::AreaUnknown { code } => problem.with("code", code.as_str()),
            Self::ClassUnknown { class } => problem.with("class", class.as_str()),
            Self::DeviceTime { now } => problem.with("now", now.minute_text()),
            Self::PhotosMissing { least, got } => problem.with("least", *least).with("got", *got),
            Self::TooManyPhotos { most, got } => problem.with("most", *most).with("got", *got),
            Self::PhotoTwice { first, second } => problem.with("first", *first).with("second", *second),
            Self::PhotoReused { position, number, used_at } => problem
                .with("position", *position)
                .with("number", number.0.as_str())
                .with("used_at", used_at.minute_text()),
            Self::PhotoUnknown { position } | Self::PhotoNotReady { position } => {
                problem.with("position", *position)
            }
            Self::StandardUnknown { standard } | Self::StandardNotInForce { standard } => {
                problem.with("standard", standard.0.as_str())
            }
            Self::StandardOfOtherClass { standard, class } => {
                problem.with("standard", standard.0.as_str()).with("class", class.to_string())
            }
            Self::ReasonUnknown { reason } => problem.with("reason", reason.0.as_str()),
            Self::VerdictAlready { at } => problem.with("at", at.minute_text()),
            Self::VerdictTooLate { until } => problem.with("until", until.minute_text()),
            Self::ClockStopped { clock } | Self::OverrunRecorded { clock } => problem.with_clock(*clock),
            Self::NotYetDue { clock, due_at } => {
                problem.with_clock(*clock).with("due_at", due_at.minute_text())
            }
            Self::NotFound
            | Self::ReceiptUnknown
            | Self::AlreadyReported
            | Self::OutsideCity
            | Self::PlaceMissing
            | Self::PlaceWordsMissing
            | Self::NotClassed
            | Self::NothingSaid
            | Self::NotFoundOnSite
            | Self::UnitUnknown
            | Self::NotAccountableUnit
            | Self::FixerNeverChecks
            | Self::FixerNeverCloses
            | Self::OnlyReporter
            | Self::NoReceipt
            | Self::OnlyTimer
            | Self::ReporterHidden
            | Self::NoReporter
            | Self::NothingToErase => problem,
        }
    }
}

impl ToProblem for CaseError {
    fn problem(&self) -> Problem {
        let problem = self.with_values(Problem::new(self.status(), self.code()));
        match self.pointer() {
            Some(pointer) => {
                let params = problem.params.clone();
                problem.at_with(pointer, self.code(), params)
            }
            None => problem,
        }
    }
}

/// Words of this context as values of a problem, in both languages.
trait WithTerm {
    fn with_act(self, act: Act) -> Self;
    fn with_clock(self, clock: ClockKind) -> Self;
}

impl WithTerm for Problem {
    fn with_act(self, act: Act) -> Self {
        self.with("act", act.code()).with("act_zh", act.name(Lang::Zh)).with("act_en", act.name(Lang::En))
    }

    fn with_clock(self, clock: ClockKind) -> Self {
        self.with("clock", clock.code())
            .with("clock_zh", clock.name(Lang::Zh))
            .with("clock_en", clock.name(Lang::En))
    }
}

#[cfg(test)]
mod tests;
