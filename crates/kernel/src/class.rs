//! Class codes: what kind of problem it is, as one short code.
//!
//! The national tree of classes (GB/T 30428, domain.md §1.3–1.4) numbers 大类 and 小类 with two digits each, once for
//! 事件 (events: something happens) and once again for 部件 (parts: something stands there). The digits alone are
//! therefore ambiguous; a code here begins with `E` or `P`: `E0110` 暴露生活垃圾, `P0137` 路灯. A group (大类) is the
//! code without its last two digits: `E01`, `P01`. Which classes exist is data of the catalogue, not a rule here.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The two trees of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassKind {
    /// 事件: something that happens, such as rubbish left lying.
    Event,
    /// 部件: something that stands there, such as a street lamp.
    Part,
}

impl ClassKind {
    const fn letter(self) -> char {
        match self {
            Self::Event => 'E',
            Self::Part => 'P',
        }
    }

    fn of_letter(letter: u8) -> Option<Self> {
        match letter {
            b'E' => Some(Self::Event),
            b'P' => Some(Self::Part),
            _other => None,
        }
    }
}

/// A 大类: kind and two digits, `E01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupCode {
    kind: ClassKind,
    digits: u8,
}

/// A 小类: kind, two digits of the 大类 and two of its own, `E0110`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassCode {
    group: GroupCode,
    digits: u8,
}

/// The text is not the code of a class, or of a group of classes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a class code: {0:?}")]
pub struct BadClass(pub String);

const GROUP: i64 = 100;
const KIND: i64 = 10_000;

impl GroupCode {
    /// Events or parts.
    pub const fn kind(self) -> ClassKind {
        self.kind
    }

    /// The numbers of every class in the group, for a filter on an indexed column: see [`ClassCode::number`].
    pub const fn numbers(self) -> Range<i64> {
        let first = (self.kind as i64 + 1) * KIND + self.digits as i64 * GROUP;
        first..first + GROUP
    }
}

impl ClassCode {
    /// Events or parts.
    pub const fn kind(self) -> ClassKind {
        self.group.kind
    }

    /// The 大类 it belongs to.
    pub const fn group(self) -> GroupCode {
        self.group
    }

    /// The code as a sortable number for the database: `E0110` is 10110, `P0137` is 20137.
    pub const fn number(self) -> i64 {
        self.group.numbers().start + self.digits as i64
    }

    /// Reads back [`ClassCode::number`]; `None` for a number that is no code.
    pub fn from_number(number: i64) -> Option<Self> {
        let kind = match number / KIND {
            1 => ClassKind::Event,
            2 => ClassKind::Part,
            _other => return None,
        };
        let group = u8::try_from(number % KIND / GROUP).ok().filter(|digits| *digits > 0)?;
        let digits = u8::try_from(number % GROUP).ok().filter(|digits| *digits > 0)?;
        Some(Self { group: GroupCode { kind, digits: group }, digits })
    }
}

impl fmt::Display for GroupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:02}", self.kind.letter(), self.digits)
    }
}

impl fmt::Display for ClassCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:02}", self.group, self.digits)
    }
}

impl FromStr for GroupCode {
    type Err = BadClass;
    /// Reads `E01` or `P01`; 大类 are numbered from 01.
    fn from_str(text: &str) -> Result<Self, BadClass> {
        match text.as_bytes() {
            [letter, tens, ones] => ClassKind::of_letter(*letter).zip(pair(*tens, *ones)),
            _other => None,
        }
        .map(|(kind, digits)| Self { kind, digits })
        .ok_or_else(|| BadClass(text.chars().take(40).collect()))
    }
}

impl FromStr for ClassCode {
    type Err = BadClass;
    /// Reads `E0110` or `P0137`; 小类 are numbered from 01.
    fn from_str(text: &str) -> Result<Self, BadClass> {
        let bad = || BadClass(text.chars().take(40).collect());
        let (group, digits) = text.split_at_checked(3).ok_or_else(bad)?;
        let group = group.parse().map_err(|_| bad())?;
        match digits.as_bytes() {
            [tens, ones] => pair(*tens, *ones).map(|digits| Self { group, digits }).ok_or_else(bad),
            _other => Err(bad()),
        }
    }
}

/// Two ASCII digits as a number from 1 to 99.
fn pair(tens: u8, ones: u8) -> Option<u8> {
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    Some((tens - b'0') * 10 + (ones - b'0')).filter(|number| *number > 0)
}

/// Both codes are written as their text.
macro_rules! serde_as_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

serde_as_text!(GroupCode);
serde_as_text!(ClassCode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip_as_text_and_as_number() {
        for (text, group, kind, number) in [
            ("E0110", "E01", ClassKind::Event, 10_110),
            ("P0137", "P01", ClassKind::Part, 20_137),
            ("E9901", "E99", ClassKind::Event, 19_901),
        ] {
            let code: ClassCode = text.parse().unwrap();
            assert_eq!((code.to_string(), code.group().to_string()), (text.into(), group.into()));
            assert_eq!((code.kind(), code.group().kind(), code.number()), (kind, kind, number));
            assert_eq!(ClassCode::from_number(number), Some(code));
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<ClassCode>(&format!("\"{text}\"")).unwrap(), code);
            assert!(code.group().numbers().contains(&number));
        }
    }

    #[test]
    fn a_group_holds_its_own_classes_only() {
        let numbers = "E01".parse::<GroupCode>().unwrap().numbers();
        assert_eq!(numbers, 10_100..10_200);
        for (code, inside) in [("E0101", true), ("E0199", true), ("E0201", false), ("P0101", false)] {
            assert_eq!(numbers.contains(&code.parse::<ClassCode>().unwrap().number()), inside, "{code}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "E",
            "E01",
            "0110",
            "e0110",
            "E0100",
            "E0010",
            "E011",
            "E01100",
            "X0110",
            "E01 1",
            "E０１１0",
            "城0110",
        ] {
            assert_eq!(bad.parse::<ClassCode>(), Err(BadClass(bad.into())));
        }
        for bad in ["", "E", "E00", "E1", "E0110", "e01", "城"] {
            assert_eq!(bad.parse::<GroupCode>(), Err(BadClass(bad.into())));
        }
        for bad in [0, 110, 10_100, 10_010, 30_110, -10_110, i64::MAX, i64::MIN] {
            assert_eq!(ClassCode::from_number(bad), None, "{bad}");
        }
    }
}
