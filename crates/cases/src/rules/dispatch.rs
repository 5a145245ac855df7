//! 派遣: a filed case goes to its accountable unit. There is no dispatch without a unit: the command has one by type,
//! and the responsibility list always proposes one, the backstop (兜底) if no row answers (domain.md §12).

use kernel::rights::Right;

use crate::errors::CaseError;
use crate::model::{Act, Case, Clock, Dims, Dispatched, Event, Filing, Phase};

use super::command::{Dispatch, Proposal};
use super::facts::Facts;

/// May it be dispatched now? Answers under which row it was filed, and the clock that dispatching stops.
pub(super) fn may<'a>(case: &'a Case, facts: &Facts<'_>) -> Result<(&'a Filing, Clock), CaseError> {
    let Phase::PendingDispatch { filing, dispatch } = &case.phase else {
        return Err(CaseError::WrongPhase { found: case.state(), act: Act::Dispatch });
    };
    facts.by.staff_with(Right::CaseDispatch, &case.target(), Act::Dispatch)?;
    Ok((filing, *dispatch))
}

pub(super) fn decide(case: &Case, command: &Dispatch, facts: &Facts<'_>) -> Result<Event, CaseError> {
    let (filing, dispatch) = may(case, facts)?;
    let Dispatch { unit, proposal, note } = command;
    let chosen = if *unit == proposal.unit {
        proposal.clone()
    } else if note.is_some() {
        Proposal { unit: *unit, helpers: Vec::new(), row: None, backstop: false }
    } else {
        // The dispatcher may know better than the list, but has to say why.
        return Err(CaseError::NoteMissing { act: Act::Dispatch });
    };
    Ok(Event::Dispatched(Dispatched {
        at: facts.at,
        dims: Dims { unit: Some(chosen.unit), ..case.dims() },
        proposed: proposal.unit,
        helpers: chosen.helpers,
        row: chosen.row,
        backstop: chosen.backstop,
        standard: filing.standard.clone(),
        limit: filing.limit,
        due_at: facts.calendar.due_at(facts.at, filing.limit),
        on_time: dispatch.on_time(facts.at),
        note: note.clone(),
        snapshots: facts.snapshots,
    }))
}
