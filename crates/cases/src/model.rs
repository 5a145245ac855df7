//! The nouns of a case: what is reported, where it stands, and what happened to it.
//!
//! A [`Case`] is one problem on its way from a report to a verdict. Where it stands is its [`Phase`], whose variants
//! carry what is true only then; what happened to it is a list of [`Event`]s, and the case is nothing but their sum
//! ([`crate::rules::start`], [`crate::rules::evolve`]). No personal data is in either: texts, names, exact points and
//! photos are commitments (architecture §5).

mod case;
mod catalogue;
mod codes;
mod event;
mod terms;

pub use case::{Case, Clock, Closing, Feedback, Filing, GivenVerdict, Phase, RunningClock, Task};
pub use catalogue::{
    Catalogue, Class, Dated, Group, MenuItem, Name, Policies, Policy, Reason, Standard, Unclassed, Validity,
    Words,
};
pub use codes::{CaseNumber, ReasonCode, StandardId};
pub use event::{
    Checked, Closed, Dims, Dispatched, Event, Filed, Handled, Overran, PhotoMark, PreVerified, Refused,
    Reported, ReporterErased, ReporterShown, RowRef, Snapshots, VerdictGiven,
};
pub use terms::{Act, ClockKind, PersonalField, Source, State, UnknownTerm, Verdict};
