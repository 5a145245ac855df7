//! Moments and clocks. A moment is UTC milliseconds; people see it in China Standard Time (UTC+8, no summer time).

#![expect(clippy::disallowed_types, reason = "the clock of a running server is made here")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// A calendar date without a zone, the same type everywhere in the house.
pub use jiff::civil::Date;

/// China Standard Time (北京时间), the only zone in which the product shows moments and counts days.
pub const CST: Offset = Offset::constant(8);
/// Milliseconds of one minute, hour and day.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds of one hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds of one calendar day.
pub const DAY_MS: i64 = 24 * HOUR_MS;
const CST_MS: i64 = 8 * HOUR_MS;

/// A moment: UTC milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

/// The first moment after those that may come from outside: the year 3000.
const OUTSIDE_END_MS: i64 = 32_503_651_200_000;

impl Time {
    /// A moment that somebody named; `None` where it lies outside of the years 1970 to 2999, in which everything that
    /// is counted from it stays a moment too.
    pub fn from_outside(ms: i64) -> Option<Self> {
        (0..OUTSIDE_END_MS).contains(&ms).then_some(Self(ms))
    }

    /// The civil date in China Standard Time.
    pub fn date(self) -> Date {
        self.civil().date()
    }

    /// Date and time of day in China Standard Time; moments beyond the years −9999..9999 are cut to the bound.
    pub fn civil(self) -> DateTime {
        let ms = self.0.clamp(-377_705_023_201_000 + DAY_MS, 253_402_207_200_000 - DAY_MS);
        match jiff::Timestamp::from_millisecond(ms) {
            Ok(t) => CST.to_datetime(t),
            Err(_) => DateTime::constant(1970, 1, 1, 8, 0, 0, 0),
        }
    }

    /// The moment at which `date` begins in China Standard Time.
    pub fn start_of(date: Date) -> Self {
        let days = i64::from((date - Date::constant(1970, 1, 1)).get_days());
        Self(days * DAY_MS - CST_MS)
    }

    /// Number of the China-Standard-Time day since 1970-01-01, the key of daily counts.
    pub fn day_number(self) -> i64 {
        self.0.saturating_add(CST_MS).div_euclid(DAY_MS)
    }

    /// Milliseconds since midnight in China Standard Time.
    pub fn ms_of_day(self) -> i64 {
        (self.0.rem_euclid(DAY_MS) + CST_MS).rem_euclid(DAY_MS)
    }

    /// `2023-07-17 15:42`, the way the field writes a moment.
    pub fn minute_text(self) -> String {
        let c = self.civil();
        format!("{:04}-{:02}-{:02} {:02}:{:02}", c.year(), c.month(), c.day(), c.hour(), c.minute())
    }

    /// Later by `ms` milliseconds, without overflow.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// Where the present moment comes from. Rules never see it: callers read it once and pass the value.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Time;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Time {
        let ms =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_millis());
        Time(i64::try_from(ms).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is set: tests and the demo's simulated half year.
#[derive(Debug, Clone, Default)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// A clock that shows `at`.
    pub fn new(at: Time) -> Self {
        Self(Arc::new(AtomicI64::new(at.0)))
    }

    /// Moves the hands, forwards or backwards; every clone of this clock sees it.
    pub fn set(&self, at: Time) {
        self.0.store(at.0, Ordering::SeqCst);
    }

    /// Moves the hands forward by `ms` milliseconds.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Time {
        (**self).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_day_begins_at_sixteen_utc() {
        let start = Time::start_of(Date::constant(2026, 2, 14));
        assert_eq!(start.minute_text(), "2026-02-14 00:00");
        assert_eq!(start.plus_ms(-1).date(), Date::constant(2026, 2, 13));
        assert_eq!(start.day_number(), start.plus_ms(DAY_MS - 1).day_number());
        assert_eq!(start.plus_ms(9 * HOUR_MS).ms_of_day(), 9 * HOUR_MS);
    }

    #[test]
    fn moments_from_outside_have_bounds() {
        for (ms, fits) in [
            (i64::MIN, false),
            (-1, false),
            (0, true),
            (Time::start_of(Date::constant(3000, 1, 1)).0 - 1, true),
            (Time::start_of(Date::constant(3000, 1, 1)).0, false),
            (253_402_300_800_000, false),
            (i64::MAX, false),
        ] {
            assert_eq!(Time::from_outside(ms).is_some(), fits, "{ms}");
        }
    }

    #[test]
    fn extreme_moments_do_not_panic() {
        for ms in [i64::MIN, i64::MAX, 0] {
            let time = Time(ms);
            assert!(!time.minute_text().is_empty());
            assert!((0..DAY_MS).contains(&time.ms_of_day()), "{ms}");
            assert!(time.day_number().abs() < i64::MAX / 1_000);
            assert!(!time.plus_ms(ms).minute_text().is_empty());
        }
    }
}
