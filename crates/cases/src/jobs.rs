//! What happens because time passes: a clock that ran out is recorded.

use std::sync::Arc;

use futures_util::FutureExt;
use kernel::id::CaseId;
use platform::db::Fault;
use platform::timers::TimerHandler;

use crate::commands::{ActError, timer_kind};
use crate::house::Cases;
use crate::model::ClockKind;

/// The handlers of this room's timers, one for each clock.
pub fn timers(cases: &Cases) -> Vec<TimerHandler> {
    ClockKind::ALL
        .iter()
        .copied()
        .map(|clock| {
            let cases = cases.clone();
            TimerHandler {
                kind: timer_kind(clock),
                act: Arc::new(move |_ctx, due| {
                    let cases = cases.clone();
                    async move {
                        cases
                            .overrun(due.city, CaseId(due.stream_id), clock, due.due_at)
                            .await
                            .map_err(|error| below(&error, due.stream_id))
                    }
                    .boxed()
                }),
            }
        })
        .collect()
}

/// A refusal here means that timer and case do not belong together, which only a broken row can bring about.
fn below(error: &ActError, case: i64) -> Fault {
    match error {
        ActError::Fault(fault) => fault.clone(),
        ActError::Case(_) | ActError::Once(_) | ActError::Input(_) => {
            Fault::Unreadable(format!("the timer of case {case}: {error}").into())
        }
    }
}
