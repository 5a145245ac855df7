//! 处置反馈: the accountable unit says that it is done, with proof. On-time is judged at this moment, so slow checking
//! never makes a unit late (domain.md §1.6).

use kernel::rights::Right;

use crate::errors::CaseError;
use crate::model::{Act, Case, Event, Handled, Phase, Task};

use super::command::Handle;
use super::facts::{Facts, Staff};
use super::proof;

/// May this caller feed back now? Only for his own unit. Answers the task and the person.
pub(super) fn may<'a>(case: &'a Case, facts: &Facts<'a>) -> Result<(&'a Task, &'a Staff), CaseError> {
    let Phase::Handling { task, .. } = &case.phase else {
        return Err(CaseError::WrongPhase { found: case.state(), act: Act::Handle });
    };
    if !facts.by.acts_for(task.unit) {
        return Err(CaseError::NotAccountableUnit);
    }
    let staff = facts.by.staff_with(Right::CaseHandle, &case.target(), Act::Handle)?;
    Ok((task, staff))
}

pub(super) fn decide(case: &Case, command: &Handle, facts: &Facts<'_>) -> Result<Event, CaseError> {
    let (task, staff) = may(case, facts)?;
    let policy = facts.policies.of(case.source, facts.at);
    let photos = proof::fresh(&command.photos, task.filing.after_photos_least, policy.photos_most)?;
    Ok(Event::Handled(Handled {
        at: facts.at,
        dims: case.dims(),
        by: staff.user,
        dispatched_at: task.dispatched_at,
        due_at: task.clock.due_at,
        on_time: task.clock.on_time(facts.at),
        reworks: task.reworks,
        photos,
        note: command.note.clone(),
        check_limit: policy.check_limit,
        check_due_at: facts.calendar.due_at(facts.at, policy.check_limit),
    }))
}
