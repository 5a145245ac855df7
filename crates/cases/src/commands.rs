//! Use cases: values of `platform::db::Command`. They gather facts before, decide and save inside the lane.

mod change;
mod gather;
mod report;
mod spot;
mod staff;

pub(crate) use change::timer_kind;
pub use change::{Acted, Changed};
pub use gather::{Attachment, SentPhoto, Words, by_staff};
pub(crate) use gather::{TEXT_CHARS, line, lines, photos, staff};
pub(crate) use report::read_point;
pub use report::{NewReport, Receipted};
pub use spot::Spot;
pub use staff::On;
pub(crate) use staff::proposal;

use kernel::problem::{Problem, ToProblem};
use platform::db::Fault;
use platform::idempotency::OnceError;

use crate::errors::CaseError;

/// How often a command is tried again when the facts in memory were older than the policies in the database.
pub(crate) const FRESH_TRIES: usize = 3;

/// Why an act on a case failed: the rules said no, or something below them broke.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ActError {
    /// The rules said no.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The idempotency key.
    #[error(transparent)]
    Once(#[from] OnceError),
    /// A bad text or place, as a problem with its pointer.
    #[error("bad input: {}", .0.code)]
    Input(Problem),
    /// Below the rules.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ToProblem for ActError {
    fn problem(&self) -> Problem {
        match self {
            Self::Case(error) => error.problem(),
            Self::Once(error) => error.problem(),
            Self::Input(problem) => problem.clone(),
            Self::Fault(fault) => fault.problem(),
        }
    }
}

impl ActError {
    /// Were the facts in memory too old? Then they are rebuilt and the act is tried again.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self, Self::Fault(Fault::Stale))
    }
}
