//! What is to be made: how much, from which seed, ending when.

use kernel::time::{DAY_MS, Date, HOUR_MS, Time};

/// How much of the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// One town over a month, some hundred cases.
    Town,
    /// The whole city over half a year, about 5,000 cases.
    County,
}

/// The plan of a demo city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How much.
    pub scale: Scale,
    /// The seed of all chance.
    pub seed: u64,
    /// The moment at which the history ends.
    pub end: Time,
}

/// The day is not written YYYY-MM-DD.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("日期应写作 YYYY-MM-DD，如 2026-03-02 (not a date: {0})")]
pub struct BadDay(pub String);

impl Plan {
    /// A plan that ends now, or on the afternoon of `today` (YYYY-MM-DD).
    ///
    /// # Errors
    /// [`BadDay`].
    pub fn new(scale: Scale, seed: u64, today: Option<&str>, now: Time) -> Result<Self, BadDay> {
        let end = match today {
            None => now,
            Some(text) => {
                let date: Date = text.parse().map_err(|_| BadDay(text.to_owned()))?;
                Time::start_of(date).plus_ms(15 * HOUR_MS + 40 * 60_000)
            }
        };
        Ok(Self { scale, seed, end })
    }

    /// How many days the history spans.
    pub const fn days(&self) -> i64 {
        match self.scale {
            Scale::Town => 30,
            Scale::County => 182,
        }
    }

    /// How many cases are reported in all, planted stories apart.
    pub const fn cases(&self) -> usize {
        match self.scale {
            Scale::Town => 320,
            Scale::County => 5_000,
        }
    }

    /// The moment at which the history begins.
    pub const fn begin(&self) -> Time {
        Time(self.end.0 - self.days() * DAY_MS)
    }

    /// From this moment on, photos are asked for: the older part of the history has none, as in a city that began
    /// without them, and the demo stays within 1,500 pictures.
    pub const fn photos_from(&self) -> Time {
        let days = match self.scale {
            Scale::Town => 12,
            Scale::County => 22,
        };
        Time(self.end.0 - days * DAY_MS)
    }
}
