//! What may happen to a case, and what becomes of it. Pure: no clock, no database, no waiting.
//!
//! [`decide`] judges and changes nothing; [`start`] and [`evolve`] change and judge nothing. Each verb has a file of
//! its own with two functions: `may`, the guard that says whether this caller may do it now, and `decide`, which asks
//! the guard first and then looks at what was sent. The screens' buttons come from the same guards ([`acts`]), so a
//! button and a refusal can never disagree.

mod acts;
mod check;
mod clock;
mod close;
mod command;
mod dispatch;
mod evolve;
mod facts;
mod file;
mod handle;
mod pre_verify;
mod proof;
mod recount;
mod report;
mod reporter;
mod verdict;

#[cfg(test)]
pub(crate) mod tests;

pub use acts::{ActView, acts, next_act};
pub use clock::overdue;
pub use command::{
    Check, Close, Command, Dispatch, EraseReporter, File, GiveVerdict, Handle, OfferedPhoto, Overrun,
    PhotoUse, PreVerify, Proposal, Recount, Refuse, Report, ShowReporter,
};
pub use evolve::{evolve, replay, start};
pub use facts::{By, Facts, Staff};
pub use recount::{moved, unknown_year};

use crate::errors::CaseError;
use crate::model::{Case, Event};

/// Judges a command against a case (`None`: there is none yet) and the facts of the moment.
///
/// The events are what happens if they are written; nothing has happened yet.
///
/// # Errors
/// The refusal, as [`CaseError`].
pub fn decide(case: Option<&Case>, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, CaseError> {
    let Some(case) = case else {
        return decide_birth(command, facts);
    };
    let event = match command {
        Command::Report(_) => return Err(CaseError::AlreadyReported),
        Command::PreVerify(command) => pre_verify::decide(case, command, facts)?,
        Command::File(command) => file::decide_file(case, command, facts)?,
        Command::Refuse(command) => file::decide_refuse(case, command, facts)?,
        Command::Dispatch(command) => dispatch::decide(case, command, facts)?,
        Command::Handle(command) => handle::decide(case, command, facts)?,
        Command::Check(command) => check::decide(case, command, facts)?,
        Command::Close(command) => close::decide(case, command, facts)?,
        Command::GiveVerdict(command) => verdict::decide(case, command, facts)?,
        Command::Overrun(command) => clock::decide(case, command, facts)?,
        Command::Recount(_) => return recount::decide(case, facts),
        Command::ShowReporter(_) => reporter::decide_show(case, facts)?,
        Command::EraseReporter(command) => reporter::decide_erase(case, command, facts)?,
    };
    Ok(vec![event])
}

/// The commands to a case that does not exist: only a report makes one.
fn decide_birth(command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, CaseError> {
    match command {
        Command::Report(report) => Ok(vec![report::decide(report, facts)?]),
        Command::PreVerify(_)
        | Command::File(_)
        | Command::Refuse(_)
        | Command::Dispatch(_)
        | Command::Handle(_)
        | Command::Check(_)
        | Command::Close(_)
        | Command::GiveVerdict(_)
        | Command::Overrun(_)
        | Command::Recount(_)
        | Command::ShowReporter(_)
        | Command::EraseReporter(_) => Err(CaseError::NotFound),
    }
}
