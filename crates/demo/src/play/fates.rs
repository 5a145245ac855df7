//! What is going to happen to a case, drawn when it is planned: whether it is refused, handled late, handled badly, and
//! what its reporter says in the end.

use cases::model::Verdict;
use kernel::time::Time;

use super::Step;
use crate::dice::Dice;
use crate::phrases::Channel;
use crate::plan::Plan;

/// 华士镇 begins badly and mends itself.
const MENDS: &str = "320281107";
/// 徐霞客镇 begins well and slides.
const SLIDES: &str = "320281104";

/// What is going to happen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fate {
    /// Refused, with this reason.
    pub(super) refused: Option<&'static str>,
    /// Is the trouble found by whoever looks before filing?
    pub(super) found: bool,
    /// Which share of its time the unit takes; above 1 it is late.
    pub(super) pace: f64,
    /// How many checks fail before one passes.
    pub(super) bad_fixes: u32,
    /// What the reporter says; nothing, for most.
    pub(super) verdict: Option<Verdict>,
    /// This step never happens before the history ends: the case waits at somebody's desk.
    pub(super) hold: Option<Step>,
    /// Every step follows within minutes, by night too.
    pub(super) rush: bool,
}

impl Fate {
    /// A case that goes well at this pace.
    pub(super) const fn good(pace: f64) -> Self {
        Self { refused: None, found: true, pace, bad_fixes: 0, verdict: None, hold: None, rush: false }
    }

    /// A case that goes fast and stops before `step`, or goes to its end.
    pub(super) const fn rushed(step: Option<Step>) -> Self {
        Self { hold: step, rush: true, ..Self::good(0.5) }
    }

    /// Draws the fate of a case reported at `at` in a town.
    pub(super) fn draw(plan: &Plan, town_code: &str, channel: Channel, at: Time, dice: &mut Dice) -> Self {
        let late = lateness(plan, town_code, at);
        let from_outside = matches!(channel, Channel::Resident | Channel::Hotline);
        let found = !from_outside || dice.chance(0.94);
        let refused = if found && dice.chance(if from_outside { 0.05 } else { 0.01 }) {
            Some(["out_of_scope", "duplicate", "unclear"][dice.below(3)])
        } else {
            None
        };
        let pace = if dice.chance(late) { dice.between(1.05, 2.4) } else { dice.between(0.12, 0.9) };
        let bad_fixes = u32::from(dice.chance(0.05 + late / 4.0));
        let verdict = (from_outside && dice.chance(0.42)).then(|| match dice.below(100) {
            0..=83 => Verdict::Resolved,
            84..=92 => Verdict::Partly,
            _rest => Verdict::NotResolved,
        });
        let hold = dice.chance(late / 6.0).then_some(Step::Handle);
        Self { refused, found, pace, bad_fixes, verdict, hold, rush: false }
    }
}

/// How often units of a town are late, which changes over the history for two of them.
fn lateness(plan: &Plan, town_code: &str, at: Time) -> f64 {
    let span = (plan.end.0 - plan.begin().0).max(1) as f64;
    let done = ((at.0 - plan.begin().0) as f64 / span).clamp(0.0, 1.0);
    match town_code {
        MENDS => 0.38 - 0.34 * done,
        SLIDES => 0.05 + 0.36 * done,
        _other => 0.09,
    }
}
