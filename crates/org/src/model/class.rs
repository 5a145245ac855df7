//! Which classes a row of the responsibility list speaks of. The catalogue of classes itself belongs to the cases.

use kernel::class::{ClassCode, GroupCode};
use serde::{Deserialize, Serialize};

/// A 小类, or a 大类 with everything in it. Written as the code alone: `E0110`, `E01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClassSelector {
    /// A 大类.
    Group(GroupCode),
    /// A 小类.
    Class(ClassCode),
}

/// The text is neither the code of a 小类 nor of a 大类.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("neither a class nor a group of classes: {0:?}")]
pub struct BadSelector(pub String);

impl ClassSelector {
    /// Does it speak of this class?
    pub fn covers(self, class: ClassCode) -> bool {
        match self {
            Self::Group(group) => class.group() == group,
            Self::Class(code) => code == class,
        }
    }

    /// One number for each selector, for looking rows up: that of the class, or the one before the first of the group.
    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::Group(group) => group.numbers().start,
            Self::Class(code) => code.number(),
        }
    }
}

impl std::str::FromStr for ClassSelector {
    type Err = BadSelector;

    fn from_str(text: &str) -> Result<Self, BadSelector> {
        let class = text.parse().map(Self::Class).ok();
        let group = || text.parse().map(Self::Group).ok();
        class.or_else(group).ok_or_else(|| BadSelector(text.chars().take(40).collect()))
    }
}

impl std::fmt::Display for ClassSelector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Group(group) => group.fmt(f),
            Self::Class(code) => code.fmt(f),
        }
    }
}

impl Serialize for ClassSelector {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClassSelector {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One class of the catalogue, for names and for the list of holes. Comes from the cases through a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassInfo {
    /// The 小类.
    pub code: ClassCode,
    /// Its name, for example 道路破损.
    pub name: String,
    /// Name of its 大类, for example 市容环境.
    pub group_name: String,
}
