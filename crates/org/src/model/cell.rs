//! Grid cells (责任网格) of three nested levels: 市, 镇, 村.

use kernel::area::{AreaKey, Level};
use kernel::id::{CellId, UnitId};
use serde::{Deserialize, Serialize};

use super::{Dates, PersonId, Record};

/// What a person does for a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// 网格长.
    CellLeader,
    /// 网格员.
    CellWorker,
    /// 督导员.
    Supervisor,
    /// 志愿者.
    Volunteer,
}

/// Every duty, in the order of a cell's page.
pub const DUTIES: [Duty; 4] = [Duty::CellLeader, Duty::CellWorker, Duty::Supervisor, Duty::Volunteer];

impl Duty {
    /// Its word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::CellLeader => "cell_leader",
            Self::CellWorker => "cell_worker",
            Self::Supervisor => "supervisor",
            Self::Volunteer => "volunteer",
        }
    }

    /// As the field says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CellLeader => "网格长",
            Self::CellWorker => "网格员",
            Self::Supervisor => "督导员",
            Self::Volunteer => "志愿者",
        }
    }
}

/// A person of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellPerson {
    /// What he does there.
    pub duty: Duty,
    /// Who.
    pub person: PersonId,
    /// When.
    #[serde(flatten)]
    pub valid: Dates,
}

/// A grid cell. Its level follows from its key: the city, a town, or a village-level cell of 16 digits.
///
/// The levels nest by their keys: every village-level cell lies under exactly one town, every town under the city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Its id.
    pub id: CellId,
    /// City (6 digits), town (9) or village-level cell (16).
    pub key: AreaKey,
    /// Its name, for example 花园社区第3网格.
    pub name: String,
    /// GeoJSON geometry (Polygon or MultiPolygon, WGS84/CGCS2000). A city or town cell without one has the outline of
    /// its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polygon: Option<String>,
    /// Its people by duty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<CellPerson>,
    /// 包保单位: the unit that supports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supporting_unit: Option<UnitId>,
    /// 挂钩领导: the leader who is linked to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked_leader: Option<PersonId>,
    /// When the cell existed.
    #[serde(flatten)]
    pub valid: Dates,
}

impl Cell {
    /// 市级, 镇级 or 村级; a village key is refused when a cell is set.
    pub const fn level(&self) -> Level {
        self.key.level()
    }
}

impl Record for Cell {
    const KIND: &'static str = "cell";
    const STREAM: &'static str = "org.cell";
    fn id(&self) -> i64 {
        self.id.0
    }
    fn code(&self) -> String {
        self.key.code()
    }
}
