//! Counting working days: weekends are off, single dates differ.
//!
//! A day is the number of days since 1970-01-01 (`Time::day_number`). Weekdays are counted by arithmetic and the dates
//! that differ from their weekday by a running correction, so that counting and finding cost one binary search over
//! the exceptions and nothing is stored per day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::time::Time;

/// What the table says of a date, whatever its weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// 放假: nobody works.
    Holiday,
    /// 调休上班: a weekend day that is worked.
    Workday,
}

/// The Monday from which weeks are counted, as a day number (1970-01-05).
const FIRST_MONDAY: i64 = 4;

/// Day number of a date.
pub(super) fn day_of(date: Date) -> i64 {
    Time::start_of(date).day_number()
}

/// Monday to Friday.
fn is_weekday(day: i64) -> bool {
    (day - FIRST_MONDAY).rem_euclid(7) < 5
}

/// How many weekdays (Monday to Friday) lie from [`FIRST_MONDAY`] to the day before `day`; negative before it.
fn weekdays_before(day: i64) -> i64 {
    let since = day - FIRST_MONDAY;
    since.div_euclid(7) * 5 + since.rem_euclid(7).min(5)
}

/// The weekday which has exactly `count` weekdays before it.
fn weekday_after(count: i64) -> i64 {
    count.div_euclid(5) * 7 + count.rem_euclid(5) + FIRST_MONDAY
}

/// One date of the table, with the sums up to it.
#[derive(Debug, Clone)]
struct Exception {
    day: i64,
    working: bool,
    /// Working days before this day.
    before: i64,
    /// Working days gained (调休) less lost (放假) up to this day, itself included.
    correction: i64,
}

/// The working days of a table of exceptions.
#[derive(Debug, Clone)]
pub(super) struct WorkingDays {
    exceptions: Vec<Exception>,
}

impl WorkingDays {
    pub(super) fn new(table: &BTreeMap<Date, DayKind>) -> Self {
        let mut correction = 0;
        let exceptions = table.iter().map(|(date, kind)| {
            let day = day_of(*date);
            let working = *kind == DayKind::Workday;
            let before = weekdays_before(day) + correction;
            correction += i64::from(working) - i64::from(is_weekday(day));
            Exception { day, working, before, correction }
        });
        Self { exceptions: exceptions.collect() }
    }

    /// Is `day` worked?
    pub(super) fn is_working(&self, day: i64) -> bool {
        match self.exceptions.binary_search_by_key(&day, |e| e.day) {
            Ok(at) => self.exceptions.get(at).is_some_and(|e| e.working),
            Err(_) => is_weekday(day),
        }
    }

    /// How many working days lie before `day`, counted from [`FIRST_MONDAY`].
    pub(super) fn before(&self, day: i64) -> i64 {
        let passed = self.exceptions.partition_point(|e| e.day < day);
        weekdays_before(day) + self.correction_after(passed)
    }

    /// The working day that has exactly `count` working days before it: the inverse of [`Self::before`].
    pub(super) fn nth(&self, count: i64) -> i64 {
        let passed = self.exceptions.partition_point(|e| e.before <= count);
        if let Some(last) = passed.checked_sub(1).and_then(|at| self.exceptions.get(at))
            && last.working
            && last.before == count
        {
            return last.day;
        }
        // The day lies after the last passed exception and before the next one, among plain weeks.
        weekday_after(count - self.correction_after(passed))
    }

    /// Correction after the first `passed` exceptions.
    fn correction_after(&self, passed: usize) -> i64 {
        passed.checked_sub(1).and_then(|at| self.exceptions.get(at)).map_or(0, |e| e.correction)
    }
}
