//! What a viewer can do with a case now: the buttons of a screen, from the guards that also refuse.

use crate::errors::CaseError;
use crate::model::{Act, Case, Phase};

use super::facts::{By, Facts};
use super::{check, close, dispatch, file, handle, pre_verify, reporter, verdict};

/// An act that belongs to where the case stands, for one viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActView {
    /// What.
    pub act: Act,
    /// Is it the next step of the case? A live case has exactly one.
    pub primary: bool,
    /// Why this viewer may not do it; none if he may.
    pub blocked: Option<CaseError>,
}

/// The step that brings the case on; none once it is closed or refused.
pub const fn next_act(case: &Case) -> Option<Act> {
    match &case.phase {
        Phase::PendingPreVerify { .. } => Some(Act::PreVerify),
        Phase::PendingFile { found: Some(false), .. } => Some(Act::Refuse),
        Phase::PendingFile { found: Some(true) | None, .. } => Some(Act::File),
        Phase::PendingDispatch { .. } => Some(Act::Dispatch),
        Phase::Handling { .. } => Some(Act::Handle),
        Phase::PendingCheck { .. } => Some(Act::Check),
        Phase::PendingClose { .. } => Some(Act::Close),
        Phase::Closed { .. } | Phase::NotAccepted { .. } => None,
    }
}

/// The acts that belong to where the case stands. For staff these are the steps of the work, blocked ones with the
/// reason (so that a page can say why there is no such button); for the reporter, a verdict and erasure.
pub fn acts(case: &Case, facts: &Facts<'_>) -> Vec<ActView> {
    let next = next_act(case);
    Act::ALL
        .iter()
        .copied()
        .filter(|act| concerns(*act, facts.by))
        .map(|act| ActView { act, primary: next == Some(act), blocked: guard(case, act, facts).err() })
        .filter(|view| !matches!(view.blocked, Some(CaseError::WrongPhase { .. })))
        .collect()
}

/// Is the act one that this kind of viewer ever does by hand?
fn concerns(act: Act, by: &By) -> bool {
    match act {
        Act::Report | Act::Overrun | Act::Recount => false,
        Act::GiveVerdict => matches!(by, By::Resident),
        Act::EraseReporter => matches!(by, By::Resident | By::Staff(_)),
        Act::PreVerify
        | Act::File
        | Act::Refuse
        | Act::Dispatch
        | Act::Handle
        | Act::Check
        | Act::Close
        | Act::ShowReporter => matches!(by, By::Staff(_)),
    }
}

/// The guard of an act, which `decide` asks as well.
fn guard(case: &Case, act: Act, facts: &Facts<'_>) -> Result<(), CaseError> {
    match act {
        Act::Report => Err(CaseError::AlreadyReported),
        Act::PreVerify => pre_verify::may(case, facts),
        Act::File => file::may_file(case, facts).map(|_| ()),
        Act::Refuse => file::may_refuse(case, facts).map(|_| ()),
        Act::Dispatch => dispatch::may(case, facts).map(|_| ()),
        Act::Handle => handle::may(case, facts).map(|_| ()),
        Act::Check => check::may(case, facts).map(|_| ()),
        Act::Close => close::may(case, facts).map(|_| ()),
        Act::GiveVerdict => verdict::may(case, facts).map(|_| ()),
        Act::Overrun | Act::Recount => Err(CaseError::OnlyTimer),
        Act::ShowReporter => reporter::may_show(case, facts).map(|_| ()),
        Act::EraseReporter => reporter::may_erase(case, facts),
    }
}
