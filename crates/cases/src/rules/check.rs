//! 核查: somebody who had no part in the fixing says whether it is done. If not, the same unit has it again with the
//! same deadline (返工, 捆绑计时; domain.md §1.6).

use kernel::rights::Right;

use crate::errors::CaseError;
use crate::model::{Act, Case, Checked, Event, Feedback, Phase, Task};

use super::command::Check;
use super::facts::Facts;
use super::proof;

/// May this caller check now? Never the fixing unit, nor anybody who handled it in any round, whatever
/// unit he belongs to by now.
pub(super) fn may<'a>(case: &'a Case, facts: &Facts<'_>) -> Result<(&'a Task, &'a Feedback), CaseError> {
    let Phase::PendingCheck { task, feedback, .. } = &case.phase else {
        return Err(CaseError::WrongPhase { found: case.state(), act: Act::Check });
    };
    if facts.by.fixed(case, facts.at) {
        return Err(CaseError::FixerNeverChecks);
    }
    facts.by.staff_with(Right::CaseCheck, &case.target(), Act::Check)?;
    Ok((task, feedback))
}

pub(super) fn decide(case: &Case, command: &Check, facts: &Facts<'_>) -> Result<Event, CaseError> {
    let (task, feedback) = may(case, facts)?;
    if !command.passed && command.note.is_none() {
        return Err(CaseError::NoteMissing { act: Act::Check });
    }
    let policy = facts.policies.of(case.source, facts.at);
    let photos = proof::fresh(&command.photos, policy.check_photos_least, policy.photos_most)?;
    Ok(Event::Checked(Checked {
        at: facts.at,
        dims: case.dims(),
        passed: command.passed,
        reworks: task.reworks + u32::from(!command.passed),
        handled_at: feedback.at,
        photos,
        note: command.note.clone(),
    }))
}
