//! Deadline arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::days::{WorkingDays, day_of};
use super::{DayKind, Limit, Measure, holidays};
use crate::problem::{Problem, ToProblem};
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, Time};

/// The calendar is defined from the beginning of 2000 …
const FIRST: Time = Time(946_656_000_000);
/// … to the last millisecond of 2100 (China Standard Time); moments outside count as the nearer bound.
const LAST: Time = Time(4_133_951_999_999);
/// More than the calendar is long: adding more changes nothing, and sums stay far from overflow.
const FOREVER_MS: i64 = 110 * 366 * DAY_MS;

/// A time during which the clock stands still (挂账, 延期 under review). `to` is `None` while it still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When the clock was stopped.
    pub from: Time,
    /// When it went on.
    pub to: Option<Time>,
}

/// Why working hours make no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No working hours: no deadline would ever come.
    #[error("the calendar has no working hours")]
    NoHours,
    /// A span that ends before it begins, is empty, or ends after midnight; counted from 0.
    #[error("working hours, span {index}: from must be before to, to at most 1440 minutes")]
    BadSpan {
        /// Which span, counted from 0.
        index: usize,
    },
    /// A span that begins before its predecessor ends.
    #[error("working hours, span {index}: overlaps with the span before it, or the spans are not in order")]
    Overlap {
        /// Which span, counted from 0.
        index: usize,
    },
}

impl CalendarError {
    /// The stable code of the problem.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoHours => "calendar/no-hours",
            Self::BadSpan { .. } => "calendar/bad-span",
            Self::Overlap { .. } => "calendar/overlap",
        }
    }
}

impl ToProblem for CalendarError {
    fn problem(&self) -> Problem {
        let problem = Problem::unprocessable(self.code());
        match self {
            Self::NoHours => problem,
            Self::BadSpan { index } | Self::Overlap { index } => problem.with("index", index + 1),
        }
    }
}

/// A city's working calendar: working hours, and the dates on which weekdays are off or weekends are worked.
///
/// Every question costs one or two binary searches over the exceptions and allocates nothing (pauses excepted).
#[derive(Debug, Clone)]
pub struct WorkCalendar {
    hours: Vec<(u16, u16)>,
    exceptions: BTreeMap<Date, DayKind>,
    known_years: BTreeSet<i16>,
    days: WorkingDays,
    day_ms: i64,
}

impl WorkCalendar {
    /// 08:00–12:00 and 14:00–18:00, in minutes since midnight (domain.md §1.6).
    pub const DEFAULT_HOURS: [(u16, u16); 2] = [(8 * 60, 12 * 60), (14 * 60, 18 * 60)];
    const DAY_MINUTES: u16 = 24 * 60;

    /// A calendar from its tables.
    ///
    /// `hours`: working hours of every working day as (from, to) in minutes since midnight, in order, apart.
    /// `exceptions`: dates that differ from "Monday to Friday". `known_years`: years whose table is complete.
    ///
    /// # Errors
    /// [`CalendarError`] when the hours are missing, out of the day or overlap.
    pub fn new(
        hours: Vec<(u16, u16)>,
        exceptions: BTreeMap<Date, DayKind>,
        known_years: BTreeSet<i16>,
    ) -> Result<Self, CalendarError> {
        if hours.is_empty() {
            return Err(CalendarError::NoHours);
        }
        let mut end_of_last = 0;
        for (index, &(from, to)) in hours.iter().enumerate() {
            if from >= to || to > Self::DAY_MINUTES {
                return Err(CalendarError::BadSpan { index });
            }
            if from < end_of_last {
                return Err(CalendarError::Overlap { index });
            }
            end_of_last = to;
        }
        Ok(Self::from_checked(hours, exceptions, known_years))
    }

    /// The default hours with the seeded holidays of 2023–2026.
    pub fn standard() -> Self {
        let table: BTreeMap<_, _> = holidays().into_iter().map(|(date, kind, _)| (date, kind)).collect();
        let years = table.keys().map(|date| date.year()).collect();
        Self::from_checked(Self::DEFAULT_HOURS.to_vec(), table, years)
    }

    fn from_checked(
        hours: Vec<(u16, u16)>,
        exceptions: BTreeMap<Date, DayKind>,
        known_years: BTreeSet<i16>,
    ) -> Self {
        let day_ms = hours.iter().map(|(from, to)| i64::from(to - from) * MINUTE_MS).sum();
        let days = WorkingDays::new(&exceptions);
        Self { hours, exceptions, known_years, days, day_ms }
    }

    /// Working hours as (from, to) in minutes since midnight.
    pub fn hours(&self) -> &[(u16, u16)] {
        &self.hours
    }

    /// The dates that differ from "Monday to Friday".
    pub fn exceptions(&self) -> &BTreeMap<Date, DayKind> {
        &self.exceptions
    }

    /// Years whose table is complete.
    pub fn known_years(&self) -> &BTreeSet<i16> {
        &self.known_years
    }

    /// Milliseconds of working time in a working day.
    pub fn day_ms(&self) -> i64 {
        self.day_ms
    }

    /// Is the table of this date's year filled in? If not, a deadline there takes holidays for working days, and
    /// callers should warn.
    pub fn is_year_known(&self, date: Date) -> bool {
        self.known_years.contains(&date.year())
    }

    /// The first year whose holidays are not entered yet and that a limit from `start` runs through: until they are, its
    /// deadline takes holidays for working days and is a guess (暂定). `None` where the deadline stands, as always where
    /// every hour counts.
    pub fn unknown_year(&self, start: Time, limit: Limit) -> Option<i16> {
        match limit.measure() {
            Measure::Natural => None,
            Measure::Working => {
                let (from, to) = (clamp(start).date().year(), clamp(self.due_at(start, limit)).date().year());
                (from..=to).find(|year| !self.known_years.contains(year))
            }
        }
    }

    /// Is this date worked?
    pub fn is_working_day(&self, date: Date) -> bool {
        self.days.is_working(day_of(date))
    }

    /// Does working time run at this moment? The end of a span is no longer worked.
    pub fn is_working_time(&self, at: Time) -> bool {
        let at = clamp(at);
        let ms = at.ms_of_day();
        self.days.is_working(at.day_number()) && self.spans().any(|(from, to)| (from..to).contains(&ms))
    }

    /// Length of a limit in milliseconds of its [`Measure`].
    pub fn limit_ms(&self, limit: Limit) -> i64 {
        match limit {
            Limit::UrgentHours(n) | Limit::WorkHours(n) => i64::from(n) * HOUR_MS,
            Limit::WorkDays(n) => i64::from(n) * self.day_ms,
            Limit::NaturalDays(n) => i64::from(n) * DAY_MS,
            Limit::Minutes(n) => i64::from(n) * MINUTE_MS,
        }
    }

    /// The deadline of a limit that runs from `start` without pauses. Never before `start`, never after 2100 unless
    /// `start` is.
    pub fn due_at(&self, start: Time, limit: Limit) -> Time {
        self.add(start, limit.measure(), self.limit_ms(limit))
    }

    /// The deadline of a limit whose clock stood still during `pauses`: a pause of x working hours moves a deadline
    /// in working time by x working hours, and one in natural time by its length on the clock.
    ///
    /// Pauses may overlap, come in any order, begin before `start`, or lie after the deadline (then they change
    /// nothing). `None` while an open pause (`to: None`) holds the clock before the deadline: nothing is due until it
    /// ends.
    pub fn due_with_pauses(&self, start: Time, limit: Limit, pauses: &[Pause]) -> Option<Time> {
        let measure = limit.measure();
        let mut due = self.due_at(start, limit);
        for (from, to) in merged(start, pauses) {
            if from >= due {
                break;
            }
            due = self.add(due, measure, self.between(from, to?, measure));
        }
        Some(due)
    }

    /// What is left of a limit at `now`, in milliseconds of its measure, pauses not counted; negative when overdue.
    pub fn left_ms(&self, start: Time, limit: Limit, pauses: &[Pause], now: Time) -> i64 {
        let measure = limit.measure();
        let stood: i64 = merged(start, pauses)
            .iter()
            .map(|&(from, to)| self.between(from, to.unwrap_or(now).min(now), measure).max(0))
            .sum();
        self.limit_ms(limit) - (self.between(start, now.max(start), measure) - stood)
    }

    /// `at` moved by `ms` milliseconds of working time: the earliest moment by which that much has been worked. With
    /// a negative `ms` it goes back, to the latest moment from which that much was still to be worked (for warnings
    /// ahead of a deadline). Zero changes nothing, even at night.
    pub fn add_working_ms(&self, at: Time, ms: i64) -> Time {
        if ms == 0 {
            return at;
        }
        let target = self.worked_until(clamp(at)) + ms.clamp(-FOREVER_MS, FOREVER_MS);
        if ms > 0 {
            // A day worked to its end is due at the end of that day, not at the beginning of the next.
            let full_days = (target - 1).div_euclid(self.day_ms);
            let ms_of_day = self.clock_when_worked(target - full_days * self.day_ms);
            clamp(moment(self.days.nth(full_days), ms_of_day)).max(at)
        } else {
            let full_days = target.div_euclid(self.day_ms);
            let ms_of_day = self.clock_before_working(target - full_days * self.day_ms);
            clamp(moment(self.days.nth(full_days), ms_of_day)).min(at)
        }
    }

    /// Milliseconds of working time from `from` to `to`; negative when `to` is earlier.
    pub fn working_ms_between(&self, from: Time, to: Time) -> i64 {
        self.worked_until(clamp(to)) - self.worked_until(clamp(from))
    }

    fn add(&self, at: Time, measure: Measure, ms: i64) -> Time {
        match measure {
            Measure::Natural => clamp(at.plus_ms(ms)).max(at),
            Measure::Working => self.add_working_ms(at, ms),
        }
    }

    fn between(&self, from: Time, to: Time, measure: Measure) -> i64 {
        match measure {
            Measure::Natural => to.0.saturating_sub(from.0),
            Measure::Working => self.working_ms_between(from, to),
        }
    }

    /// Working time since a fixed day, the scale on which all working arithmetic is done.
    fn worked_until(&self, at: Time) -> i64 {
        let day = at.day_number();
        let today = if self.days.is_working(day) { self.worked_of_day(at.ms_of_day()) } else { 0 };
        self.days.before(day) * self.day_ms + today
    }

    /// Working time of a working day until `ms_of_day`.
    fn worked_of_day(&self, ms_of_day: i64) -> i64 {
        self.spans().map(|(from, to)| ms_of_day.clamp(from, to) - from).sum()
    }

    /// Milliseconds since midnight when `worked` (1 to the whole day) is done, at the earliest.
    fn clock_when_worked(&self, mut worked: i64) -> i64 {
        for (from, to) in self.spans() {
            if worked <= to - from {
                return from + worked;
            }
            worked -= to - from;
        }
        DAY_MS
    }

    /// Milliseconds since midnight when `worked` (0 to less than the whole day) is done and work goes on.
    fn clock_before_working(&self, mut worked: i64) -> i64 {
        for (from, to) in self.spans() {
            if worked < to - from {
                return from + worked;
            }
            worked -= to - from;
        }
        DAY_MS
    }

    /// Working hours in milliseconds since midnight.
    fn spans(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.hours.iter().map(|&(from, to)| (i64::from(from) * MINUTE_MS, i64::from(to) * MINUTE_MS))
    }
}

fn clamp(at: Time) -> Time {
    at.clamp(FIRST, LAST)
}

/// The moment `ms_of_day` milliseconds after the beginning of a day.
fn moment(day: i64, ms_of_day: i64) -> Time {
    Time(day * DAY_MS + ms_of_day - Time(0).ms_of_day())
}

/// Pauses from `start` on, in order, without overlaps and empty ones; the last may be open.
fn merged(start: Time, pauses: &[Pause]) -> Vec<(Time, Option<Time>)> {
    let mut sorted: Vec<_> = pauses.iter().map(|p| (p.from.max(start), p.to)).collect();
    sorted.retain(|(from, to)| to.is_none_or(|to| to > *from));
    sorted.sort_by_key(|(from, _)| *from);
    let mut out: Vec<(Time, Option<Time>)> = Vec::with_capacity(sorted.len());
    for (from, to) in sorted {
        match out.last_mut() {
            // An open pause swallows everything after it.
            Some((_, None)) => break,
            Some((_, last)) if last.is_some_and(|end| from <= end) => {
                *last = to.and_then(|to| (*last).max(Some(to)))
            }
            _ => out.push((from, to)),
        }
    }
    out
}
