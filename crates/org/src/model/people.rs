//! People, their posts (岗位), and who stands in for them.

use kernel::area::AreaKey;
use kernel::evidence::Commitment;
use kernel::id::{UnitId, UserId};
use kernel::rights::{Grant, Role};
use serde::{Deserialize, Serialize};

use super::{Dates, Record};

kernel::define_id!(
    /// A member of staff (工作人员), with or without a login.
    PersonId
);
kernel::define_id!(
    /// A post: a role held by a person in an area.
    PostId
);
kernel::define_id!(
    /// A deputyship.
    DeputyId
);

/// A member of staff. Name and phone are personal: they stand in an erasable row, and the record proves them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// His id.
    pub id: PersonId,
    /// 编号: the number that lists know him by, unique in the city; says nothing about him.
    pub code: String,
    /// Commitment to the name.
    pub name: Commitment,
    /// Commitment to the phone number, if one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Commitment>,
    /// 所在单位.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// 职务, for example 副主任.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// His login, if he has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// When he serves.
    #[serde(flatten)]
    pub valid: Dates,
}

impl Record for Person {
    const KIND: &'static str = "person";
    const STREAM: &'static str = "org.person";
    fn id(&self) -> i64 {
        self.id.0
    }
    fn code(&self) -> String {
        self.code.clone()
    }
}

/// A post: a person holds a role, somewhere, for some roles on behalf of a unit, between two days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// Who.
    pub person: PersonId,
    /// What he is.
    pub role: Role,
    /// Where.
    pub area: AreaKey,
    /// For whom; required where the role is bound to a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// When.
    #[serde(flatten)]
    pub valid: Dates,
}

impl Post {
    /// The post as a grant of rights.
    pub const fn grant(&self) -> Grant {
        Grant { role: self.role, area: self.area.range(), unit: self.unit }
    }
}

impl Record for Post {
    const KIND: &'static str = "post";
    const STREAM: &'static str = "org.post";
    fn id(&self) -> i64 {
        self.id.0
    }
    /// A person holds a role in an area for a unit at most once.
    fn code(&self) -> String {
        let unit = self.unit.unwrap_or_default();
        format!("{}/{}/{}/{unit}", self.person, role_code(self.role), self.area)
    }
}

/// Somebody stands in for the holder of a post (AB 岗) between two days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deputy {
    /// Its id.
    pub id: DeputyId,
    /// The post.
    pub post: PostId,
    /// Who stands in.
    pub person: PersonId,
    /// When.
    #[serde(flatten)]
    pub valid: Dates,
}

impl Record for Deputy {
    const KIND: &'static str = "deputy";
    const STREAM: &'static str = "org.deputy";
    fn id(&self) -> i64 {
        self.id.0
    }
    fn code(&self) -> String {
        self.id.to_string()
    }
}

/// The stable word of a role in codes.
pub const fn role_code(role: Role) -> &'static str {
    match role {
        Role::Inspector => "inspector",
        Role::Acceptor => "acceptor",
        Role::Dispatcher => "dispatcher",
        Role::Handler => "handler",
        Role::Checker => "checker",
        Role::Leader => "leader",
        Role::Office => "office",
        Role::Admin => "admin",
        Role::Auditor => "auditor",
    }
}

/// A role as the field says it (domain.md §1.5).
pub const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Inspector => "采集员",
        Role::Acceptor => "受理员",
        Role::Dispatcher => "派遣员",
        Role::Handler => "责任单位经办人",
        Role::Checker => "核查员",
        Role::Leader => "领导",
        Role::Office => "文明办",
        Role::Admin => "系统管理员",
        Role::Auditor => "审计员",
    }
}
