//! From which day to which day something holds.

use kernel::time::{Date, Time};
use serde::{Deserialize, Serialize};

/// The days on which a record holds, first and last day both included; an open end is `None`.
///
/// People write "有效期至 2026-12-31" and mean that the 31st still counts, hence the closed end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Dates {
    /// First day, or since ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last day, or until further notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
}

impl Dates {
    /// Without any limit.
    pub const ALWAYS: Self = Self { valid_from: None, valid_to: None };

    /// Does it hold on `date`?
    pub fn holds(&self, date: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= date) && self.valid_to.is_none_or(|to| date <= to)
    }

    /// Is the last day before the first?
    pub fn is_reversed(&self) -> bool {
        matches!((self.valid_from, self.valid_to), (Some(from), Some(to)) if to < from)
    }

    /// Does it hold on every day on which `other` does?
    pub fn covers(&self, other: &Self) -> bool {
        let begins = self.valid_from.is_none_or(|from| other.valid_from.is_some_and(|day| from <= day));
        let ends = self.valid_to.is_none_or(|to| other.valid_to.is_some_and(|day| day <= to));
        begins && ends
    }

    /// The days on which both hold; `None` when there is none.
    #[must_use]
    pub fn and(&self, other: &Self) -> Option<Self> {
        let valid_from = self.valid_from.max(other.valid_from);
        let valid_to = match (self.valid_to, other.valid_to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, None) | (None, one) => one,
        };
        let both = Self { valid_from, valid_to };
        (!both.is_reversed()).then_some(both)
    }

    /// First and last day as numbers of days since 1970-01-01; open ends lie beyond every real date.
    pub fn day_numbers(&self) -> (i32, i32) {
        let number = |date: Date| i32::try_from(Time::start_of(date).day_number()).unwrap_or(i32::MAX);
        (self.valid_from.map_or(i32::MIN, number), self.valid_to.map_or(i32::MAX, number))
    }

    /// How many days it holds; `None` without both ends.
    pub fn days(&self) -> Option<i64> {
        let (from, to) = (self.valid_from?, self.valid_to?);
        Some(Time::start_of(to).day_number() - Time::start_of(from).day_number() + 1)
    }
}
