//! 结案: the file is closed, after a check that passed, and never by whoever had a part in the fixing (separation of
//! powers, domain.md §1.5).

use kernel::rights::Right;
use kernel::time::DAY_MS;

use crate::errors::CaseError;
use crate::model::{Act, Case, Closed, Event, Feedback, Phase, Task};

use super::command::Close;
use super::facts::Facts;

/// May this caller close now? As with checking: nobody who had a part in the fixing.
pub(super) fn may<'a>(case: &'a Case, facts: &Facts<'_>) -> Result<(&'a Task, &'a Feedback), CaseError> {
    let Phase::PendingClose { task, feedback, .. } = &case.phase else {
        return Err(CaseError::WrongPhase { found: case.state(), act: Act::Close });
    };
    if facts.by.fixed(case, facts.at) {
        return Err(CaseError::FixerNeverCloses);
    }
    facts.by.staff_with(Right::CaseClose, &case.target(), Act::Close)?;
    Ok((task, feedback))
}

pub(super) fn decide(case: &Case, command: &Close, facts: &Facts<'_>) -> Result<Event, CaseError> {
    let (task, feedback) = may(case, facts)?;
    let policy = facts.policies.of(case.source, facts.at);
    let verdict_ms = i64::from(policy.verdict_days) * DAY_MS;
    Ok(Event::Closed(Closed {
        at: facts.at,
        dims: case.dims(),
        standard: task.filing.standard.clone(),
        reported_at: case.reported_at,
        handled_at: feedback.at,
        due_at: task.clock.due_at,
        on_time: feedback.on_time,
        reworks: task.reworks,
        verdict_until: case.has_receipt.then(|| facts.at.plus_ms(verdict_ms)),
        note: command.note.clone(),
    }))
}
