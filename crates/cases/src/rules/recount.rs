//! 重算时限: the working calendar changed, because a year's holidays were entered or corrected, and running deadlines are
//! counted anew from where they began.
//!
//! Three things stand (decision 18). What has run out stays as it ran out: an overrun is a record, not a forecast. What is
//! over was judged by the deadline that people saw. And no deadline is moved into the past: nobody becomes late by a
//! table that was entered afterwards.

use kernel::calendar::{Limit, WorkCalendar};
use kernel::time::Time;

use crate::errors::CaseError;
use crate::model::{Case, ClockKind, Event, Policies, Recounted, RunningClock};

use super::facts::{By, Facts};

/// From when a clock of the case counts, and how long. The stages of the centre go by the policy of the moment at which
/// they began: its rows are dated and never changed, so it is the one by which the clock was set.
fn span(case: &Case, kind: ClockKind, policies: &Policies) -> Option<(Time, Limit)> {
    match kind {
        ClockKind::Intake => {
            Some((case.reported_at, policies.of(case.source, case.reported_at).intake_limit))
        }
        ClockKind::Dispatch => {
            let at = case.filing()?.at;
            Some((at, policies.of(case.source, at).dispatch_limit))
        }
        ClockKind::Unit => {
            let task = case.phase.task()?;
            Some((task.dispatched_at, task.filing.limit))
        }
        ClockKind::Check => {
            let at = case.phase.feedback()?.at;
            Some((at, policies.of(case.source, at).check_limit))
        }
    }
}

/// The year whose holidays are missing and on which the deadline of one of the case's open clocks rests: it is a guess
/// (暂定) and will be counted anew. `None` where it stands, or has run out.
pub fn unknown_year(
    case: &Case,
    kind: ClockKind,
    calendar: &WorkCalendar,
    policies: &Policies,
    now: Time,
) -> Option<i16> {
    case.phase.open_clocks().find(|clock| clock.kind == kind && runs(clock, now))?;
    let (from, limit) = span(case, kind, policies)?;
    calendar.unknown_year(from, limit)
}

/// Has the clock time left?
fn runs(clock: &RunningClock, now: Time) -> bool {
    !clock.overran && now <= clock.due_at
}

/// What the calendar as it is makes of the open clocks: an event for each deadline that is another now.
pub fn moved(case: &Case, facts: &Facts<'_>) -> Vec<Event> {
    let moved = |clock: RunningClock| {
        let (from, limit) = span(case, clock.kind, facts.policies)?;
        let due_at = facts.calendar.due_at(from, limit);
        (due_at != clock.due_at && due_at >= facts.at).then(|| {
            Event::Recounted(Recounted {
                at: facts.at,
                dims: case.dims(),
                clock: clock.kind,
                from,
                limit,
                was_due_at: clock.due_at,
                due_at,
                snapshots: facts.snapshots,
            })
        })
    };
    case.phase.open_clocks().filter(|clock| runs(clock, facts.at)).filter_map(moved).collect()
}

pub(super) fn decide(case: &Case, facts: &Facts<'_>) -> Result<Vec<Event>, CaseError> {
    match facts.by {
        By::Timer => {}
        By::Resident | By::Staff(_) => return Err(CaseError::OnlyTimer),
    }
    let moved = moved(case, facts);
    if moved.is_empty() { Err(CaseError::DeadlineStands) } else { Ok(moved) }
}
