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
    /// Put right within the same day, by day, as quickly as people do such things.
    pub(super) steady: bool,
}

impl Fate {
    /// A case that goes well at this pace.
    pub(super) const fn good(pace: f64) -> Self {
        Self {
            refused: None,
            found: true,
            pace,
            bad_fixes: 0,
            verdict: None,
            hold: None,
            rush: false,
            steady: false,
        }
    }

    /// A case that goes fast and stops before `step`, or goes to its end.
    pub(super) const fn rushed(step: Option<Step>) -> Self {
        Self { hold: step, rush: true, ..Self::good(0.5) }
    }

    /// A case that is put right within the same day.
    pub(super) const fn steady() -> Self {
        Self { steady: true, ..Self::good(0.5) }
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
        Self { refused, found, pace, bad_fixes, verdict, hold, rush: false, steady: false }
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

#[cfg(test)]
mod tests {
    use kernel::time::Date;

    use super::*;
    use crate::plan::Scale;

    fn plan() -> Plan {
        Plan { scale: Scale::County, seed: 1, end: Time::start_of(Date::constant(2026, 7, 1)) }
    }

    /// The share of 20,000 cases that the units of a town do late, at a share of the history.
    fn late_share(town_code: &str, done: f64) -> f64 {
        let plan = plan();
        let at = Time(plan.begin().0 + ((plan.end.0 - plan.begin().0) as f64 * done) as i64);
        let mut dice = Dice::new(5).fork(town_code);
        let fates = (0..20_000).map(|_| Fate::draw(&plan, town_code, Channel::Inspector, at, &mut dice));
        fates.filter(|fate| fate.pace > 1.0).count() as f64 / 20_000.0
    }

    /// The figures of docs/demo.md.
    #[test]
    fn one_town_mends_itself_one_slides_and_the_others_stay() {
        let rows = [
            (MENDS, 0.0, 0.38),
            (MENDS, 1.0, 0.04),
            (SLIDES, 0.0, 0.05),
            (SLIDES, 1.0, 0.41),
            ("320281001", 0.0, 0.09),
            ("320281001", 1.0, 0.09),
        ];
        for (town, done, expected) in rows {
            let share = late_share(town, done);
            assert!((share - expected).abs() < 0.015, "{town} at {done}: {share}, not {expected}");
        }
        for tenth in 0..10 {
            let (now, then) = (f64::from(tenth) / 10.0, f64::from(tenth + 1) / 10.0);
            assert!(late_share(MENDS, now) > late_share(MENDS, then));
            assert!(late_share(SLIDES, now) < late_share(SLIDES, then));
        }
    }

    #[test]
    fn who_is_late_more_often_is_sent_back_more_often() {
        let plan = plan();
        let sent_back = |town: &str| {
            let mut dice = Dice::new(6);
            let begin = plan.begin();
            let fates = (0..20_000).map(|_| Fate::draw(&plan, town, Channel::Inspector, begin, &mut dice));
            fates.filter(|fate| fate.bad_fixes > 0).count()
        };
        assert!(sent_back(MENDS) > sent_back(SLIDES) * 2, "at the beginning");
    }
}
