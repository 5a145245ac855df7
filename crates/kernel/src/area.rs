//! Area keys: where something lies, as one sortable number.
//!
//! 16 decimal digits: county 6 (GB/T 2260) + town or street 3 (GB/T 10114) + village or community 3 + grid cell 4
//! (architecture §7). Everything under an area is a half-open range of keys, so "under" is two comparisons and an
//! index seek. A key never changes; moved places and functional areas are dated lists of ranges.

use serde::{Deserialize, Serialize};

/// The levels of the tree of places, widest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 市 (for a county-level city: the whole city).
    City,
    /// 镇、街道、园区.
    Town,
    /// 村、社区.
    Village,
    /// 村级责任网格.
    Cell,
}

const CELL: i64 = 1;
const VILLAGE: i64 = 10_000;
const TOWN: i64 = 1_000 * VILLAGE;
const CITY: i64 = 1_000 * TOWN;

/// A 16-digit area key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AreaKey(pub i64);

/// Everything from `from` up to but not including `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AreaRange {
    /// First key inside.
    pub from: AreaKey,
    /// First key after.
    pub to: AreaKey,
}

/// The digits are not a key of an area.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an area code: {0:?}")]
pub struct BadArea(pub String);

impl AreaKey {
    /// Builds a key from the parts of its code; `None` when a part has too many digits.
    pub const fn of(county: i64, town: i64, village: i64, cell: i64) -> Option<Self> {
        if county < 100_000 || county > 999_999 || town < 0 || town > 999 {
            return None;
        }
        if village < 0 || village > 999 || cell < 0 || cell > 9_999 {
            return None;
        }
        Some(Self(county * CITY + town * TOWN + village * VILLAGE + cell * CELL))
    }

    /// The county part, which is also the id of the tenant city.
    pub const fn county(self) -> i64 {
        self.0 / CITY
    }

    /// The level that this key names: the last part that is not zero.
    pub const fn level(self) -> Level {
        if self.0 % VILLAGE != 0 {
            Level::Cell
        } else if self.0 % TOWN != 0 {
            Level::Village
        } else if self.0 % CITY != 0 {
            Level::Town
        } else {
            Level::City
        }
    }

    /// Everything under this area, itself included.
    pub const fn range(self) -> AreaRange {
        let width = match self.level() {
            Level::City => CITY,
            Level::Town => TOWN,
            Level::Village => VILLAGE,
            Level::Cell => CELL,
        };
        AreaRange { from: self, to: Self(self.0 + width) }
    }

    /// The area of `level` that holds this one (itself when it is of that level or wider).
    #[must_use]
    pub const fn at(self, level: Level) -> Self {
        let width = match level {
            Level::City => CITY,
            Level::Town => TOWN,
            Level::Village => VILLAGE,
            Level::Cell => CELL,
        };
        Self(self.0 / width * width)
    }

    /// The official code without the trailing zeros of lower levels: 6, 9, 12 or 16 digits.
    pub fn code(self) -> String {
        match self.level() {
            Level::City => format!("{:06}", self.0 / CITY),
            Level::Town => format!("{:09}", self.0 / TOWN),
            Level::Village => format!("{:012}", self.0 / VILLAGE),
            Level::Cell => format!("{:016}", self.0),
        }
    }
}

impl AreaRange {
    /// Does the range hold `key`?
    pub const fn holds(&self, key: AreaKey) -> bool {
        self.from.0 <= key.0 && key.0 < self.to.0
    }

    /// Does the range hold all of `other`?
    pub const fn covers(&self, other: &Self) -> bool {
        self.from.0 <= other.from.0 && other.to.0 <= self.to.0
    }

    /// Do the two ranges share a key?
    pub const fn meets(&self, other: &Self) -> bool {
        self.from.0 < other.to.0 && other.from.0 < self.to.0
    }
}

impl std::fmt::Display for AreaKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code())
    }
}

impl std::str::FromStr for AreaKey {
    type Err = BadArea;
    /// Reads 6, 9, 12 or 16 digits.
    fn from_str(text: &str) -> Result<Self, BadArea> {
        let bad = || BadArea(text.chars().take(40).collect());
        let width = match text.len() {
            6 => CITY,
            9 => TOWN,
            12 => VILLAGE,
            16 => CELL,
            _other => return Err(bad()),
        };
        if text.starts_with('0') || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        text.parse::<i64>().map(|n| Self(n * width)).map_err(|_| bad())
    }
}

impl Serialize for AreaKey {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AreaKey {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_level_round_trip() {
        for (code, level) in [
            ("320281", Level::City),
            ("320281108", Level::Town),
            ("320281108203", Level::Village),
            ("3202811082030004", Level::Cell),
        ] {
            let key: AreaKey = code.parse().unwrap();
            assert_eq!((key.level(), key.code()), (level, code.to_owned()));
        }
        for bad in ["", "32028", "3202810", "0202811082030004", "32028110820３", "abcdef"] {
            assert!(bad.parse::<AreaKey>().is_err(), "{bad}");
        }
    }

    #[test]
    fn under_is_a_half_open_range() {
        let town: AreaKey = "320281108".parse().unwrap();
        let cell: AreaKey = "3202811082030004".parse().unwrap();
        let next_town: AreaKey = "320281109".parse().unwrap();
        assert!(town.range().holds(cell) && town.range().holds(town) && !town.range().holds(next_town));
        assert_eq!(cell.at(Level::Town), town);
        assert!(town.range().covers(&cell.range()) && !cell.range().covers(&town.range()));
    }
}
