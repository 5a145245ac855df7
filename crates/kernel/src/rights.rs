//! Rights: role × area × unit, in one pure function that answers "may he?" and also yields the filter of a list.
//!
//! A person holds **grants**: a role (岗位), within a range of areas, and for some roles bound to a unit. What each
//! role may do is one table below; who holds which grant is data that `org` edits. Roles follow domain.md §1.5:
//! 采集员, 受理员, 派遣员, 处置部门, 核查, 领导, 文明办, and the separated administrators of 等保 (§10).

use serde::{Deserialize, Serialize};

use crate::area::{AreaKey, AreaRange};
use crate::id::UnitId;

/// A role (岗位).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 采集员/督查员: walks, reports, verifies on the spot.
    Inspector,
    /// 受理员: takes reports in, files or refuses them, closes.
    Acceptor,
    /// 派遣员: sends a filed case to the accountable unit.
    Dispatcher,
    /// 责任单位经办人: handles what was sent to the own unit.
    Handler,
    /// 核查员: checks the result; never of the fixing unit.
    Checker,
    /// 领导: reads everything of the own area.
    Leader,
    /// 文明办: runs the work, edits responsibility and policies.
    Office,
    /// 系统管理员: users, units, imports, calendar.
    Admin,
    /// 审计员: reads the journal, verifies; changes nothing.
    Auditor,
}

/// Every role, in the order of the permission table.
pub const ROLES: [Role; 9] = [
    Role::Inspector,
    Role::Acceptor,
    Role::Dispatcher,
    Role::Handler,
    Role::Checker,
    Role::Leader,
    Role::Office,
    Role::Admin,
    Role::Auditor,
];

/// Which of the three kinds of duty a role is (三员分立): whoever does one of them for a city does none of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// 管理: gives others their roles, does no work on cases.
    Admin,
    /// 业务: works on cases, or reads them to lead the work.
    Work,
    /// 审计: looks at what the others did.
    Audit,
}

/// Something that a route lets happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// See cases and their timeline.
    CaseRead,
    /// Report as staff or for a caller (代报).
    CaseReport,
    /// Answer a pre-verify task (核实).
    CasePreVerify,
    /// File or refuse (立案/不予受理).
    CaseFile,
    /// Dispatch to a unit (派遣).
    CaseDispatch,
    /// Handle and feed back (处置反馈), own unit only.
    CaseHandle,
    /// Check the result (核查), other units' cases only.
    CaseCheck,
    /// Close (结案).
    CaseClose,
    /// See a reporter's name and phone unmasked; every use is an event.
    ReporterUnmask,
    /// See cells, units, responsibility list.
    OrgRead,
    /// Edit places, units, responsibility, calendar; import units and the list.
    OrgEdit,
    /// Add, disable and equip users; import people, who bring their roles with them.
    UserEdit,
    /// See the running map and its figures.
    BoardRead,
    /// Verify chains and commitments.
    JournalVerify,
    /// Read who was given which rights, who unmasked a reporter, and what failed at the door.
    AuditRead,
}

/// Every right, in the order of the permission table.
pub const RIGHTS: [Right; 15] = [
    Right::CaseRead,
    Right::CaseReport,
    Right::CasePreVerify,
    Right::CaseFile,
    Right::CaseDispatch,
    Right::CaseHandle,
    Right::CaseCheck,
    Right::CaseClose,
    Right::ReporterUnmask,
    Right::OrgRead,
    Right::OrgEdit,
    Right::UserEdit,
    Right::BoardRead,
    Right::JournalVerify,
    Right::AuditRead,
];

impl Right {
    /// Does it only let its holder look, at nothing that is masked?
    pub const fn only_looks(self) -> bool {
        match self {
            Self::CaseRead | Self::OrgRead | Self::BoardRead | Self::JournalVerify | Self::AuditRead => true,
            Self::CaseReport
            | Self::CasePreVerify
            | Self::CaseFile
            | Self::CaseDispatch
            | Self::CaseHandle
            | Self::CaseCheck
            | Self::CaseClose
            | Self::ReporterUnmask
            | Self::OrgEdit
            | Self::UserEdit => false,
        }
    }
}

impl Role {
    /// Which kind of duty it is.
    pub const fn duty(self) -> Duty {
        match self {
            Self::Inspector
            | Self::Acceptor
            | Self::Dispatcher
            | Self::Handler
            | Self::Checker
            | Self::Leader
            | Self::Office => Duty::Work,
            Self::Admin => Duty::Admin,
            Self::Auditor => Duty::Audit,
        }
    }

    /// What the role may do within its area and unit.
    pub const fn rights(self) -> &'static [Right] {
        use Right::{
            AuditRead, BoardRead, CaseCheck, CaseClose, CaseDispatch, CaseFile, CaseHandle, CasePreVerify,
            CaseRead, CaseReport, JournalVerify, OrgEdit, OrgRead, ReporterUnmask, UserEdit,
        };
        match self {
            Self::Inspector => &[CaseRead, CaseReport, CasePreVerify, OrgRead],
            Self::Acceptor => {
                &[CaseRead, CaseReport, CaseFile, CaseClose, ReporterUnmask, OrgRead, BoardRead]
            }
            Self::Dispatcher => &[CaseRead, CaseDispatch, OrgRead, BoardRead],
            Self::Handler => &[CaseRead, CaseHandle, OrgRead],
            Self::Checker => &[CaseRead, CaseCheck, OrgRead],
            Self::Leader => &[CaseRead, OrgRead, BoardRead],
            Self::Office => &[CaseRead, OrgRead, OrgEdit, BoardRead, JournalVerify],
            Self::Admin => &[OrgRead, OrgEdit, UserEdit],
            Self::Auditor => &[CaseRead, OrgRead, BoardRead, JournalVerify, AuditRead],
        }
    }

    /// Does the role see only the cases of its own unit?
    pub const fn bound_to_unit(self) -> bool {
        matches!(self, Self::Handler)
    }
}

/// A role held by a person: where, and for which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// What he is.
    pub role: Role,
    /// Where.
    pub area: AreaRange,
    /// The unit he acts for; required where [`Role::bound_to_unit`].
    pub unit: Option<UnitId>,
}

impl Grant {
    /// Does it give everything that `other` gives?
    pub fn covers(&self, other: &Self) -> bool {
        let unit = self.unit == other.unit || (self.unit.is_none() && !self.role.bound_to_unit());
        self.role == other.role && self.area.covers(&other.area) && unit
    }
}

/// Keeps the duties of one person apart, whatever he was given: who manages neither works on cases nor audits, who works
/// does not audit.
pub fn separate(grants: &mut Vec<Grant>) {
    let first = grants.iter().map(|grant| grant.role.duty()).min();
    grants.retain(|grant| Some(grant.role.duty()) == first);
}

/// What is about to be touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Where it lies.
    pub area: AreaKey,
    /// The accountable unit, if it has one yet.
    pub unit: Option<UnitId>,
}

/// One alternative of a list filter: rows in this area, and of this unit if one is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// Rows whose area key lies in this range …
    pub area: AreaRange,
    /// … and, if present, whose accountable unit is this one.
    pub unit: Option<UnitId>,
}

impl Grant {
    /// What of `right` this grant opens; `None` when the role lacks it or a unit role has no unit.
    pub fn scope(&self, right: Right) -> Option<Scope> {
        if !self.role.rights().contains(&right) {
            return None;
        }
        if self.role.bound_to_unit() {
            return self.unit.map(|unit| Scope { area: self.area, unit: Some(unit) });
        }
        Some(Scope { area: self.area, unit: None })
    }
}

impl Scope {
    /// Does the scope hold the target?
    pub fn holds(&self, target: &Target) -> bool {
        self.area.holds(target.area) && self.unit.is_none_or(|unit| target.unit == Some(unit))
    }
}

/// May the holder of `grants` use `right` on `target`?
pub fn may(grants: &[Grant], right: Right, target: &Target) -> bool {
    grants.iter().filter_map(|grant| grant.scope(right)).any(|scope| scope.holds(target))
}

/// Does the holder have `right` anywhere at all? Routes without a target ask this.
pub fn may_somewhere(grants: &[Grant], right: Right) -> bool {
    grants.iter().any(|grant| grant.scope(right).is_some())
}

/// The filter of a list: a row is seen when any scope holds it. Empty means nothing is seen.
/// Scopes covered by a wider one are left out, so the SQL stays short.
pub fn scopes(grants: &[Grant], right: Right) -> Vec<Scope> {
    let mut all: Vec<Scope> = grants.iter().filter_map(|grant| grant.scope(right)).collect();
    all.sort();
    all.dedup();
    let covered = |inner: &Scope, outer: &Scope| {
        inner != outer && outer.area.covers(&inner.area) && (outer.unit.is_none() || outer.unit == inner.unit)
    };
    all.iter().filter(|inner| !all.iter().any(|outer| covered(inner, outer))).copied().collect()
}

#[cfg(test)]
mod tests;
