//! What becomes of a case when something happens to it. Judges nothing: an event that does not fit where the case
//! stands (which `decide` never makes) leaves the phase as it is.

use std::collections::BTreeSet;

use crate::model::{
    Case, Checked, Clock, Closed, Closing, Dispatched, Event, Feedback, Filed, Filing, GivenVerdict, Handled,
    PersonalField, Phase, PreVerified, Refused, Reported, State, Task, VerdictGiven,
};

/// The case that a report makes. Birth is apart, so that `evolve` never sees "no case".
pub fn start(born: &Reported) -> Case {
    let intake = Clock::until(born.intake_due_at);
    let mut held: BTreeSet<_> = born.personal.keys().copied().collect();
    if !born.photos.is_empty() {
        held.insert(PersonalField::Photos);
    }
    Case {
        id: born.case,
        number: born.number.clone(),
        source: born.dims.source,
        class: born.dims.class,
        area: born.dims.area,
        cell: born.dims.cell,
        reported_at: born.at,
        has_receipt: born.receipt.is_some(),
        held,
        phase: if born.pre_verify {
            Phase::PendingPreVerify { intake }
        } else {
            Phase::PendingFile { intake, found: None }
        },
    }
}

/// The case after an event.
#[must_use]
pub fn evolve(mut case: Case, event: &Event) -> Case {
    match event {
        // A second birth cannot be: `decide` refuses it.
        Event::Reported(_) | Event::ReporterShown(_) => case,
        Event::PreVerified(event) => case.turn(|phase| pre_verified(phase, event)),
        // Filing fixes the class; it differs from the report's only where that had none.
        Event::Filed(event) if case.state() == State::PendingFile => {
            Case { class: event.dims.class, ..case.turn(|phase| filed(phase, event)) }
        }
        Event::Filed(_) => case,
        Event::Refused(event) => case.turn(|phase| refused(phase, event)),
        Event::Dispatched(event) => case.turn(|phase| dispatched(phase, event)),
        Event::Handled(event) => case.turn(|phase| handled(phase, event)),
        Event::Checked(event) => case.turn(|phase| checked(phase, event)),
        Event::Closed(event) => case.turn(|phase| closed(phase, event)),
        Event::VerdictGiven(event) => case.turn(|phase| verdict_given(phase, event)),
        Event::Overran(_) => {
            if let Some(clock) = case.phase.clock_mut() {
                clock.overran = true;
            }
            case
        }
        Event::ReporterErased(event) => {
            case.held.retain(|field| !event.fields.contains(field));
            case
        }
    }
}

/// The case that a whole history makes; `None` if it does not begin with a report.
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Option<Case> {
    let mut events = events.into_iter();
    match events.next()? {
        Event::Reported(born) => Some(events.fold(start(born), evolve)),
        Event::PreVerified(_)
        | Event::Filed(_)
        | Event::Refused(_)
        | Event::Dispatched(_)
        | Event::Handled(_)
        | Event::Checked(_)
        | Event::Closed(_)
        | Event::VerdictGiven(_)
        | Event::Overran(_)
        | Event::ReporterShown(_)
        | Event::ReporterErased(_) => None,
    }
}

impl Case {
    fn turn(self, next: impl FnOnce(Phase) -> Phase) -> Self {
        Self { phase: next(self.phase), ..self }
    }
}

fn pre_verified(phase: Phase, event: &PreVerified) -> Phase {
    match phase {
        Phase::PendingPreVerify { intake } => Phase::PendingFile { intake, found: Some(event.found) },
        other => other,
    }
}

fn filed(phase: Phase, event: &Filed) -> Phase {
    match phase {
        Phase::PendingFile { .. } => Phase::PendingDispatch {
            filing: Filing {
                standard: event.standard.clone(),
                limit: event.limit,
                after_photos_least: event.after_photos_least,
                at: event.at,
            },
            dispatch: Clock::until(event.dispatch_due_at),
        },
        other => other,
    }
}

fn refused(phase: Phase, event: &Refused) -> Phase {
    match phase {
        Phase::PendingPreVerify { .. } | Phase::PendingFile { .. } => {
            Phase::NotAccepted { at: event.at, reason: event.reason.clone() }
        }
        other => other,
    }
}

fn dispatched(phase: Phase, event: &Dispatched) -> Phase {
    match (phase, event.dims.unit) {
        (Phase::PendingDispatch { filing, .. }, Some(unit)) => Phase::Handling {
            task: Task {
                unit,
                helpers: event.helpers.clone(),
                row: event.row,
                backstop: event.backstop,
                filing,
                dispatched_at: event.at,
                clock: Clock::until(event.due_at),
                reworks: 0,
                handlers: BTreeSet::new(),
            },
            since: event.at,
        },
        (other, _) => other,
    }
}

fn handled(phase: Phase, event: &Handled) -> Phase {
    match phase {
        Phase::Handling { mut task, .. } => {
            task.handlers.insert(event.by);
            Phase::PendingCheck {
                task,
                feedback: Feedback { at: event.at, by: event.by, on_time: event.on_time },
                check: Clock::until(event.check_due_at),
            }
        }
        other => other,
    }
}

fn checked(phase: Phase, event: &Checked) -> Phase {
    match phase {
        Phase::PendingCheck { task, feedback, check } if event.passed => {
            Phase::PendingClose { task, feedback, check }
        }
        // Everything of the task stays, above all its deadline (捆绑计时).
        Phase::PendingCheck { task, .. } => {
            Phase::Handling { task: Task { reworks: event.reworks, ..task }, since: event.at }
        }
        other => other,
    }
}

fn closed(phase: Phase, event: &Closed) -> Phase {
    match phase {
        Phase::PendingClose { task, feedback, .. } => Phase::Closed {
            task,
            feedback,
            closing: Closing { at: event.at, verdict_until: event.verdict_until, verdict: None },
        },
        other => other,
    }
}

fn verdict_given(phase: Phase, event: &VerdictGiven) -> Phase {
    match phase {
        Phase::Closed { task, feedback, closing } => {
            let verdict = Some(GivenVerdict { verdict: event.verdict, at: event.at });
            Phase::Closed { task, feedback, closing: Closing { verdict, ..closing } }
        }
        other => other,
    }
}
