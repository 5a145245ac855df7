//! 评价: the reporter says, by his receipt, whether it is solved. Once, and within the days that the policy gave when
//! the case was closed. 未解决 is recorded and makes the case ask for attention; reopening comes with the whole process.

use crate::errors::CaseError;
use crate::model::{Act, Case, Closing, Event, Phase, VerdictGiven};

use super::command::GiveVerdict;
use super::facts::{By, Facts};

/// May this caller give a verdict now? Answers the closing that it is about.
pub(super) fn may<'a>(case: &'a Case, facts: &Facts<'_>) -> Result<&'a Closing, CaseError> {
    let Phase::Closed { closing, .. } = &case.phase else {
        return Err(CaseError::WrongPhase { found: case.state(), act: Act::GiveVerdict });
    };
    match facts.by {
        By::Resident => {}
        By::Staff(_) | By::Timer => return Err(CaseError::OnlyReporter),
    }
    if let Some(given) = closing.verdict {
        return Err(CaseError::VerdictAlready { at: given.at });
    }
    let until = closing.verdict_until.ok_or(CaseError::NoReceipt)?;
    if facts.at > until {
        return Err(CaseError::VerdictTooLate { until });
    }
    Ok(closing)
}

pub(super) fn decide(case: &Case, command: &GiveVerdict, facts: &Facts<'_>) -> Result<Event, CaseError> {
    let closing = may(case, facts)?;
    Ok(Event::VerdictGiven(VerdictGiven {
        at: facts.at,
        dims: case.dims(),
        verdict: command.verdict,
        closed_at: closing.at,
        note: command.note.clone(),
    }))
}
