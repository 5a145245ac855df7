//! The tree of places by official codes, and functional areas beside it.

use kernel::area::{AreaKey, AreaRange};
use kernel::id::UnitId;
use serde::{Deserialize, Serialize};

use super::{Dates, Record};

kernel::define_id!(
    /// A functional area (功能区).
    ZoneId
);

/// A place of the official tree: the city, a town or street (镇、街道), a village or community (村、社区).
///
/// Its key is its official code (GB/T 2260, GB/T 10114, village codes); codes are never used again (domain.md §10), and
/// names are no keys: two villages of one city may share one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Official code; of level city, town or village.
    pub key: AreaKey,
    /// Name as shown, without 居委会 or 村委会.
    pub name: String,
    /// When the place existed under this code.
    #[serde(flatten)]
    pub valid: Dates,
    /// The unit that takes what nobody else is accountable for (兜底). Looked up upwards: village, town, city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backstop: Option<UnitId>,
    /// The border as a GeoJSON geometry (Polygon or MultiPolygon, WGS84/CGCS2000), where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outline: Option<String>,
}

impl Record for Place {
    const KIND: &'static str = "place";
    const STREAM: &'static str = "org.place";
    fn id(&self) -> i64 {
        self.key.0
    }
    fn code(&self) -> String {
        self.key.code()
    }
}

/// A functional area (功能区: 经开区, 高新区, 商圈, 景区) that has no official code and cuts across the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Its id.
    pub id: ZoneId,
    /// A short code that people write into lists, for example `G01`; letters and digits, not all digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is made of.
    pub parts: Vec<ZonePart>,
}

/// A piece of a functional area, with the days on which it belonged to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZonePart {
    /// The areas.
    pub range: AreaRange,
    /// When.
    #[serde(flatten)]
    pub valid: Dates,
}

impl Record for Zone {
    const KIND: &'static str = "zone";
    const STREAM: &'static str = "org.zone";
    fn id(&self) -> i64 {
        self.id.0
    }
    fn code(&self) -> String {
        self.code.clone()
    }
}

/// Where something holds: in an official place and everything under it, or in a functional area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaSelector {
    /// A place or a cell, with everything under it.
    Area(AreaKey),
    /// A functional area.
    Zone(ZoneId),
}
