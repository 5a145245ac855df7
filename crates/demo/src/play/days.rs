//! What kind of day it is for those who report: fewer write on a free day, fewest when the city is away on holiday.

use kernel::calendar::{DayKind, holidays};
use kernel::time::{DAY_MS, Date, Time};

use crate::dice::Dice;
use crate::plan::Plan;

/// A kind of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// Worked: Monday to Friday, and weekend days that are worked instead of others (调休).
    Working,
    /// A plain Saturday or Sunday.
    Weekend,
    /// A public holiday, on whatever weekday.
    Holiday,
}

impl Day {
    /// The kind of a date.
    pub(super) fn of(date: Date) -> Self {
        let listed = holidays().into_iter().find(|(listed, ..)| *listed == date).map(|(_, kind, _)| kind);
        match listed {
            Some(DayKind::Holiday) => Self::Holiday,
            Some(DayKind::Workday) => Self::Working,
            None if date.weekday().to_monday_zero_offset() >= 5 => Self::Weekend,
            None => Self::Working,
        }
    }

    /// How many reports come in, a working day being 100.
    pub(super) const fn weight(self) -> i64 {
        match self {
            Self::Working => 100,
            Self::Weekend => 70,
            Self::Holiday => 45,
        }
    }

    /// Are people out rather than at work?
    pub(super) const fn is_free(self) -> bool {
        match self {
            Self::Working => false,
            Self::Weekend | Self::Holiday => true,
        }
    }
}

/// The days of a history, each with its weight: slowly growing, each with a mood of its own.
pub(super) fn weighted(plan: &Plan, dice: &mut Dice) -> Vec<(Time, u64)> {
    let first = Time::start_of(plan.begin().date());
    (0..=plan.days())
        .map(|index| {
            let day = first.plus_ms(index * DAY_MS);
            let growth = 80 + 40 * index / plan.days().max(1);
            let mood = 85 + dice.below(31) as i64;
            (day, (Day::of(day.date()).weight() * growth * mood / 100) as u64)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Scale;

    #[test]
    fn free_days_are_told_from_worked_ones() {
        let kinds = [
            (Date::constant(2026, 3, 6), Day::Working),
            (Date::constant(2026, 3, 7), Day::Weekend),
            (Date::constant(2026, 3, 8), Day::Weekend),
            // 春节: a Saturday that is worked, then holidays on every weekday.
            (Date::constant(2026, 2, 14), Day::Working),
            (Date::constant(2026, 2, 17), Day::Holiday),
            (Date::constant(2026, 2, 21), Day::Holiday),
            (Date::constant(2026, 10, 1), Day::Holiday),
        ];
        for (date, kind) in kinds {
            assert_eq!(Day::of(date), kind, "{date}");
        }
    }

    /// What docs/demo.md says: fewer at weekends and on holidays, a slow growth. Half a year with the Spring Festival.
    #[test]
    fn fewer_reports_come_at_weekends_and_fewest_on_holidays() {
        let end = Time::start_of(Date::constant(2026, 6, 30));
        let plan = Plan { scale: Scale::County, seed: 7, end };
        let days = weighted(&plan, &mut Dice::new(7));
        assert_eq!(days.len(), 183);
        let mean = |wanted: &dyn Fn(Day, Time) -> bool| {
            let weights = days.iter().filter(|(day, _)| wanted(Day::of(day.date()), *day));
            let weights: Vec<u64> = weights.map(|(_, weight)| *weight).collect();
            assert!(weights.len() > 5);
            weights.iter().sum::<u64>() / weights.len() as u64
        };
        let working = mean(&|kind, _| kind == Day::Working);
        let weekend = mean(&|kind, _| kind == Day::Weekend);
        let holiday = mean(&|kind, _| kind == Day::Holiday);
        let festival = mean(&|_, day| {
            let (from, to) = (Date::constant(2026, 2, 15), Date::constant(2026, 2, 23));
            (from..=to).contains(&day.date())
        });
        assert!(weekend * 100 < working * 80, "{weekend} at weekends, {working} on working days");
        assert!(holiday * 100 < weekend * 80, "{holiday} on holidays, {weekend} at weekends");
        assert!(festival * 100 < weekend * 80, "{festival} at 春节, its Saturday and Sunday included");
        let middle = days[days.len() / 2].0;
        let before = mean(&|kind, day| kind == Day::Working && day < middle);
        let after = mean(&|kind, day| kind == Day::Working && day >= middle);
        assert!(before < after, "{before} in the first half, {after} in the second");
    }
}
