//! 核实: somebody looks on the spot before a report is filed, where the policy of its channel asks for it.

use kernel::rights::Right;

use crate::errors::CaseError;
use crate::model::{Act, Case, Event, Phase, PreVerified};

use super::command::PreVerify;
use super::facts::Facts;
use super::proof;

pub(super) fn may(case: &Case, facts: &Facts<'_>) -> Result<(), CaseError> {
    let Phase::PendingPreVerify { .. } = &case.phase else {
        return Err(CaseError::WrongPhase { found: case.state(), act: Act::PreVerify });
    };
    facts.by.staff_with(Right::CasePreVerify, &case.target(), Act::PreVerify)?;
    Ok(())
}

pub(super) fn decide(case: &Case, command: &PreVerify, facts: &Facts<'_>) -> Result<Event, CaseError> {
    may(case, facts)?;
    let policy = facts.policies.of(case.source, facts.at);
    let photos = proof::fresh(&command.photos, 0, policy.photos_most)?;
    Ok(Event::PreVerified(PreVerified {
        at: facts.at,
        dims: case.dims(),
        found: command.found,
        photos,
        note: command.note.clone(),
    }))
}
