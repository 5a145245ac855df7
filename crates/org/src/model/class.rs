//! Class codes of problems, as far as responsibility needs them. The catalogue itself belongs to the cases.

use serde::{Deserialize, Serialize};

/// The code of a class (大类 or 小类), for example `E0110`: 1 to 8 ASCII letters, digits, dots or hyphens.
///
/// The code of a 小类 begins with the code of its 大类, so that "this class and everything below" is a prefix. It is held
/// as eight bytes in a number, so that comparing and cutting are single instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassCode(u64);

/// The text is not a class code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a class code: {0:?}")]
pub struct BadClass(pub String);

impl ClassCode {
    /// Most characters that a code may have.
    pub const LEN_MAX: usize = 8;

    /// The packed form; codes without a common prefix never share it.
    pub(crate) const fn packed(self) -> u64 {
        self.0
    }

    /// Number of characters, 1 to 8; the longer the code, the narrower the class.
    pub const fn width(self) -> u32 {
        8 - self.0.trailing_zeros() / 8
    }

    /// The first `len` characters, packed.
    pub(crate) const fn cut(self, len: u32) -> u64 {
        if len == 0 { 0 } else { self.0 & (u64::MAX << (64 - 8 * len)) }
    }

    /// Is `self` the same class as `other`, or one that holds it?
    pub const fn covers(self, other: Self) -> bool {
        other.cut(self.width()) == self.0
    }
}

impl std::str::FromStr for ClassCode {
    type Err = BadClass;

    fn from_str(text: &str) -> Result<Self, BadClass> {
        let good = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
        if text.is_empty() || text.len() > Self::LEN_MAX || !text.bytes().all(good) {
            return Err(BadClass(text.chars().take(40).collect()));
        }
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        Ok(Self(u64::from_be_bytes(bytes)))
    }
}

impl std::fmt::Display for ClassCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.to_be_bytes().iter().take_while(|b| **b != 0).try_for_each(|b| write!(f, "{}", char::from(*b)))
    }
}

impl Serialize for ClassCode {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClassCode {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One class of the catalogue, for names and for the list of holes. Comes from the cases through a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassInfo {
    /// The 小类.
    pub code: ClassCode,
    /// Its name, for example 道路破损.
    pub name: String,
    /// Its 大类.
    pub group: ClassCode,
    /// Name of the 大类, for example 市容环境.
    pub group_name: String,
}
