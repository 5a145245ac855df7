//! Identifiers: 64-bit numbers made by the application, a newtype per noun, strings on the wire.
//!
//! Layout (architecture §7): 41 bits of milliseconds since 2023-01-01T00:00:00Z, 10 bits of server number,
//! 12 bits of counter. They sort by time of making. JavaScript cannot hold them as numbers, hence strings.

#![expect(clippy::disallowed_types, reason = "the ids of a running server are made here")]

use std::sync::Mutex;

use crate::time::{Clock, Time};

/// The zero of the id clock: 2023-01-01T00:00:00Z in UTC milliseconds.
pub const EPOCH_MS: i64 = 1_672_531_200_000;
const SERVER_BITS: u32 = 10;
const COUNTER_BITS: u32 = 12;
const COUNTER_MAX: i64 = (1 << COUNTER_BITS) - 1;

/// Declares a newtype over `i64` that is written as a decimal string in JSON and in addresses.
#[macro_export]
macro_rules! define_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub i64);

        impl $name {
            /// The bare number, as the database holds it.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl From<i64> for $name {
            fn from(raw: i64) -> Self {
                Self(raw)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::id::BadId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::id::parse(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// The text is not an id: ids are decimal numbers from 1 to 2^63−1 without sign or leading zero.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: {0:?}")]
pub struct BadId(pub String);

/// Reads the wire form of an id.
///
/// # Errors
/// [`BadId`] for anything but a decimal number in 1..=i64::MAX without leading zeros.
pub fn parse(text: &str) -> Result<i64, BadId> {
    let bad = || BadId(text.chars().take(40).collect());
    if text.is_empty()
        || text.len() > 19
        || text.starts_with('0')
        || !text.bytes().all(|b| b.is_ascii_digit())
    {
        return Err(bad());
    }
    text.parse::<i64>().map_err(|_| bad())
}

define_id!(
    /// A tenant city, named by its 6-digit division code (行政区划代码, GB/T 2260); 0 means "of no city".
    CityId
);
define_id!(
    /// A unit (单位): department, town, street, community or company.
    UnitId
);
define_id!(
    /// A person with a login (用户).
    UserId
);
define_id!(
    /// A grid cell (网格) of any of the three levels.
    CellId
);
define_id!(
    /// A problem case (案件).
    CaseId
);
define_id!(
    /// A stored file (photo).
    FileId
);
define_id!(
    /// A row of the responsibility list (责任清单).
    MatrixRowId
);

/// Where new ids come from. One per process, shared.
pub trait IdSource: Send + Sync {
    /// The next number, greater than every number given before by this source.
    fn next(&self) -> i64;
}

/// Ids of a running server: clock, server number, counter. A clock that goes back is waited out by counting on
/// from the last millisecond seen, so ids never repeat and never go backwards.
pub struct ServerIds<C> {
    clock: C,
    server: i64,
    last: Mutex<(i64, i64)>,
}

impl<C: Clock> ServerIds<C> {
    /// `server` is the leased server number, 0..=1023; larger values are cut to their low ten bits.
    pub fn new(clock: C, server: u16) -> Self {
        Self { clock, server: i64::from(server) & ((1 << SERVER_BITS) - 1), last: Mutex::new((0, 0)) }
    }
}

impl<C: Clock> IdSource for ServerIds<C> {
    fn next(&self) -> i64 {
        let now = (self.clock.now().0 - EPOCH_MS).max(1);
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (ms, counter) = if now > last.0 {
            (now, 0)
        } else if last.1 < COUNTER_MAX {
            (last.0, last.1 + 1)
        } else {
            (last.0 + 1, 0)
        };
        *last = (ms, counter);
        (ms << (SERVER_BITS + COUNTER_BITS)) | (self.server << COUNTER_BITS) | counter
    }
}

/// Ids 1, 2, 3 … for tests, so that snapshots stay readable.
#[derive(Default)]
pub struct SequenceIds(Mutex<i64>);

impl SequenceIds {
    /// Starts after `last`.
    pub fn after(last: i64) -> Self {
        Self(Mutex::new(last))
    }
}

impl IdSource for SequenceIds {
    fn next(&self) -> i64 {
        let mut last = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *last += 1;
        *last
    }
}

/// The moment in an id made by [`ServerIds`], to the millisecond.
pub fn made_at(id: i64) -> Time {
    Time((id >> (SERVER_BITS + COUNTER_BITS)) + EPOCH_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::FixedClock;

    #[test]
    fn ids_rise_even_when_the_clock_goes_back() {
        let clock = FixedClock::new(Time(EPOCH_MS + 5_000));
        let ids = ServerIds::new(clock.clone(), 3);
        let mut last = ids.next();
        for step in 0..10_000 {
            if step == 5_000 {
                clock.set(Time(EPOCH_MS + 1_000));
            }
            let next = ids.next();
            assert!(next > last);
            last = next;
        }
        assert!(made_at(last).0 >= EPOCH_MS + 5_000);
    }

    #[test]
    fn only_plain_decimal_numbers_are_ids() {
        for bad in
            ["", "0", "01", "-1", "+1", "1e3", "9223372036854775808", "12345678901234567890", "１", " 1"]
        {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(parse("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(serde_json::to_string(&CaseId(7)).unwrap(), "\"7\"");
        assert!(serde_json::from_str::<CaseId>("7").is_err());
    }
}
