//! The reporter: who may see his name, and how it is erased. Every look is an event; an erasure leaves the commitments
//! in the journal, so that the chain still holds and verification says "erased", not "changed".

use std::collections::BTreeSet;

use kernel::rights::Right;

use crate::errors::CaseError;
use crate::model::{Act, Case, Event, PersonalField, ReporterErased, ReporterShown};

use super::command::EraseReporter;
use super::facts::{By, Facts};

/// What unmasking shows.
const IDENTITY: [PersonalField; 2] = [PersonalField::Name, PersonalField::Phone];

/// May this caller see name and phone? Never the unit that answers, nor whoever had a part in the fixing: a report must
/// not cost its reporter anything.
pub(super) fn may_show(case: &Case, facts: &Facts<'_>) -> Result<BTreeSet<PersonalField>, CaseError> {
    if facts.by.fixed(case, facts.at) {
        return Err(CaseError::ReporterHidden);
    }
    facts.by.staff_with(Right::ReporterUnmask, &case.target(), Act::ShowReporter)?;
    let fields: BTreeSet<_> = IDENTITY.into_iter().filter(|field| case.held.contains(field)).collect();
    if fields.is_empty() {
        return Err(CaseError::NoReporter);
    }
    Ok(fields)
}

pub(super) fn decide_show(case: &Case, facts: &Facts<'_>) -> Result<Event, CaseError> {
    let fields = may_show(case, facts)?;
    Ok(Event::ReporterShown(ReporterShown { at: facts.at, fields }))
}

/// May this caller have personal data erased? The reporter himself, the retention timer, and who may see them anyway.
pub(super) fn may_erase(case: &Case, facts: &Facts<'_>) -> Result<(), CaseError> {
    match facts.by {
        By::Resident | By::Timer => {}
        By::Staff(_) => {
            facts.by.staff_with(Right::ReporterUnmask, &case.target(), Act::EraseReporter)?;
        }
    }
    if case.held.is_empty() {
        return Err(CaseError::NothingToErase);
    }
    Ok(())
}

pub(super) fn decide_erase(
    case: &Case,
    command: &EraseReporter,
    facts: &Facts<'_>,
) -> Result<Event, CaseError> {
    may_erase(case, facts)?;
    let fields: BTreeSet<_> = command.fields.intersection(&case.held).copied().collect();
    if fields.is_empty() {
        return Err(CaseError::NothingToErase);
    }
    Ok(Event::ReporterErased(ReporterErased { at: facts.at, fields }))
}
