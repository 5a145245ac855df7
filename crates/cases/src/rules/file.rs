//! 立案 and 不予受理: the acceptor takes a report on under a row of the standard, or turns it down with a reason.

use kernel::rights::Right;

use crate::errors::CaseError;
use crate::model::{Act, Case, Clock, Dims, Event, Filed, Phase, Refused, Standard, StandardId};

use super::command::{File, Refuse};
use super::facts::Facts;

/// May it be filed now? Answers the intake clock that filing stops.
pub(super) fn may_file(case: &Case, facts: &Facts<'_>) -> Result<Clock, CaseError> {
    let Phase::PendingFile { intake, found } = &case.phase else {
        return Err(CaseError::WrongPhase { found: case.state(), act: Act::File });
    };
    facts.by.staff_with(Right::CaseFile, &case.target(), Act::File)?;
    if *found == Some(false) {
        return Err(CaseError::NotFoundOnSite);
    }
    Ok(*intake)
}

/// May it be refused now? Junk need not be looked at on the spot first.
pub(super) fn may_refuse(case: &Case, facts: &Facts<'_>) -> Result<Clock, CaseError> {
    let (Phase::PendingPreVerify { intake } | Phase::PendingFile { intake, .. }) = &case.phase else {
        return Err(CaseError::WrongPhase { found: case.state(), act: Act::Refuse });
    };
    facts.by.staff_with(Right::CaseFile, &case.target(), Act::Refuse)?;
    Ok(*intake)
}

pub(super) fn decide_file(case: &Case, command: &File, facts: &Facts<'_>) -> Result<Event, CaseError> {
    let intake = may_file(case, facts)?;
    let standard = standard(case, &command.standard, facts)?;
    let policy = facts.policies.of(case.source, facts.at);
    Ok(Event::Filed(Filed {
        at: facts.at,
        // What nobody had classed gets its class by the row under which it is filed.
        dims: Dims { class: standard.class, ..case.dims() },
        standard: standard.id.clone(),
        limit: standard.limit,
        after_photos_least: standard.after_photos_least,
        on_time: intake.on_time(facts.at),
        dispatch_limit: policy.dispatch_limit,
        dispatch_due_at: facts.calendar.due_at(facts.at, policy.dispatch_limit),
        snapshots: facts.snapshots,
    }))
}

pub(super) fn decide_refuse(case: &Case, command: &Refuse, facts: &Facts<'_>) -> Result<Event, CaseError> {
    let intake = may_refuse(case, facts)?;
    let reason = facts
        .catalogue
        .reason(&command.reason)
        .ok_or_else(|| CaseError::ReasonUnknown { reason: command.reason.clone() })?;
    if reason.needs_note && command.note.is_none() {
        return Err(CaseError::NoteMissing { act: Act::Refuse });
    }
    Ok(Event::Refused(Refused {
        at: facts.at,
        dims: case.dims(),
        reason: command.reason.clone(),
        on_time: intake.on_time(facts.at),
        note: command.note.clone(),
    }))
}

/// The row of this code, if it holds now and is of the case's class; of any class while the case has none.
fn standard<'a>(case: &Case, id: &StandardId, facts: &Facts<'a>) -> Result<&'a Standard, CaseError> {
    let unknown = || CaseError::StandardUnknown { standard: id.clone() };
    let standard = facts.catalogue.standard(id).ok_or_else(unknown)?;
    if standard.class != case.class && facts.catalogue.unclassed(case.class).is_none() {
        return Err(CaseError::StandardOfOtherClass { standard: id.clone(), class: case.class });
    }
    if !standard.validity.holds(facts.at) {
        return Err(CaseError::StandardNotInForce { standard: id.clone() });
    }
    Ok(standard)
}
