//! Units, what they are to places, and the bodies that several of them form.

use kernel::area::AreaKey;
use kernel::id::UnitId;
use serde::{Deserialize, Serialize};

use super::{AreaSelector, Dates, PersonId, Record};

kernel::define_id!(
    /// A relation between a unit and a place.
    RelationId
);
kernel::define_id!(
    /// A body of several units (议事协调机构).
    BodyId
);

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 部门.
    Department,
    /// 镇、街道.
    Town,
    /// 村、社区.
    Community,
    /// 企业.
    Company,
    /// 园区.
    Park,
    /// 机构: a body that acts as a unit, for example an office of a 指挥部.
    Body,
}

/// Every kind, in the order of lists and templates.
pub const UNIT_KINDS: [UnitKind; 6] = [
    UnitKind::Department,
    UnitKind::Town,
    UnitKind::Community,
    UnitKind::Company,
    UnitKind::Park,
    UnitKind::Body,
];

impl UnitKind {
    /// Its word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Town => "town",
            Self::Community => "community",
            Self::Company => "company",
            Self::Park => "park",
            Self::Body => "body",
        }
    }

    /// As the field says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Department => "部门",
            Self::Town => "镇街",
            Self::Community => "村社区",
            Self::Company => "企业",
            Self::Park => "园区",
            Self::Body => "机构",
        }
    }

    /// Reads [`UnitKind::name`].
    pub fn by_name(name: &str) -> Option<Self> {
        UNIT_KINDS.into_iter().find(|kind| kind.name() == name)
    }
}

/// A unit (单位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The code that people write into lists, unique in the city.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Name in lists and on the map.
    pub short_name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Where it is at home, for towns, communities and parks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaKey>,
    /// The unit above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<UnitId>,
    /// When it existed.
    #[serde(flatten)]
    pub valid: Dates,
}

impl Record for Unit {
    const KIND: &'static str = "unit";
    const STREAM: &'static str = "org.unit";
    fn id(&self) -> i64 {
        self.id.0
    }
    fn code(&self) -> String {
        self.code.clone()
    }
}

/// What a unit is to a place. Several units may stand in the same relation to one place; who is *accountable* is told
/// by the responsibility list alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// 主管.
    Supervises,
    /// 权属.
    Owns,
    /// 养护.
    Maintains,
    /// 物业.
    Manages,
    /// 包保.
    Supports,
    /// 挂钩.
    Linked,
}

/// Every kind of relation, in the order of lists and templates.
pub const RELATION_KINDS: [RelationKind; 6] = [
    RelationKind::Supervises,
    RelationKind::Owns,
    RelationKind::Maintains,
    RelationKind::Manages,
    RelationKind::Supports,
    RelationKind::Linked,
];

impl RelationKind {
    /// As the field says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Supervises => "主管",
            Self::Owns => "权属",
            Self::Maintains => "养护",
            Self::Manages => "物业",
            Self::Supports => "包保",
            Self::Linked => "挂钩",
        }
    }

    /// Reads [`RelationKind::name`].
    pub fn by_name(name: &str) -> Option<Self> {
        RELATION_KINDS.into_iter().find(|kind| kind.name() == name)
    }
}

/// A unit stands in a relation to a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Its id.
    pub id: RelationId,
    /// Who.
    pub unit: UnitId,
    /// What it is there.
    pub kind: RelationKind,
    /// Where.
    pub area: AreaSelector,
    /// When.
    #[serde(flatten)]
    pub valid: Dates,
}

impl Record for Relation {
    const KIND: &'static str = "relation";
    const STREAM: &'static str = "org.relation";
    fn id(&self) -> i64 {
        self.id.0
    }
    fn code(&self) -> String {
        self.id.to_string()
    }
}

/// What kind of body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// 文明委.
    Committee,
    /// 指挥部.
    Headquarters,
    /// 专班.
    TaskForce,
}

impl BodyKind {
    /// As the field says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Committee => "文明委",
            Self::Headquarters => "指挥部",
            Self::TaskForce => "专班",
        }
    }
}

/// A seat in a body: held by a unit (成员单位), a person, or a person of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The unit, if the seat belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The person, if the seat is a person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// 主任, 副主任, 成员单位, 联络员 …
    pub seat: String,
    /// When.
    #[serde(flatten)]
    pub valid: Dates,
}

/// A body of several units and people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Its id.
    pub id: BodyId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: BodyKind,
    /// The unit that runs its office (办公室设在 …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<UnitId>,
    /// Its seats, in order of precedence.
    pub members: Vec<Member>,
    /// When it existed.
    #[serde(flatten)]
    pub valid: Dates,
}

impl Record for Body {
    const KIND: &'static str = "body";
    const STREAM: &'static str = "org.body";
    fn id(&self) -> i64 {
        self.id.0
    }
    fn code(&self) -> String {
        self.id.to_string()
    }
}
