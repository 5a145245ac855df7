//! 超期: when a case is overdue, and the timer that records it once.

use kernel::time::Time;

use crate::errors::CaseError;
use crate::model::{Case, Event, Overran};

use super::command::Overrun;
use super::facts::{By, Facts};

/// Is the case overdue: has the clock that runs now run out? This is the one definition; lists hold their SQL against
/// it. A closed case is never overdue, however late it was.
pub fn overdue(case: &Case, now: Time) -> bool {
    case.phase.clock().is_some_and(|clock| now > clock.due_at)
}

pub(super) fn decide(case: &Case, command: &Overrun, facts: &Facts<'_>) -> Result<Event, CaseError> {
    match facts.by {
        By::Timer => {}
        By::Resident | By::Staff(_) => return Err(CaseError::OnlyTimer),
    }
    let Overrun { clock, due_at } = *command;
    // The timer may have been read before its clock stopped or moved, here or on another server; it finds out here.
    let running = case
        .phase
        .clock()
        .filter(|running| running.kind == clock && running.due_at == due_at)
        .ok_or(CaseError::ClockStopped { clock })?;
    if running.overran {
        return Err(CaseError::OverrunRecorded { clock });
    }
    if !overdue(case, facts.at) {
        return Err(CaseError::NotYetDue { clock, due_at });
    }
    Ok(Event::Overran(Overran { at: facts.at, dims: case.dims(), clock, due_at }))
}
