//! An invented city with a handful of people, the same in every test of this crate.

use std::collections::BTreeMap;

use kernel::area::AreaKey;
use kernel::calendar::WorkCalendar;
use kernel::id::{CellId, MatrixRowId, UnitId, UserId};
use kernel::rights::{Grant, Role};
use kernel::time::Time;

use crate::catalogue;
use crate::model::{Catalogue, Policies, RowRef, Snapshots};
use crate::rules::{By, Facts, Proposal, Staff};

/// 城市管理局, the unit that the list proposes.
pub(crate) const URBAN: UnitId = UnitId(11);
/// 环卫处, which helps.
pub(crate) const SANITATION: UnitId = UnitId(12);
/// 督查中心, which checks.
pub(crate) const INSPECTORATE: UnitId = UnitId(20);
/// 受理中心.
pub(crate) const CENTRE: UnitId = UnitId(30);
/// The town, which is the backstop.
pub(crate) const TOWN: UnitId = UnitId(50);
/// 小郑, who handles; also as he is after he moved to another unit.
const ZHENG: UserId = UserId(105);

/// The city's rows.
pub(crate) struct City {
    pub(crate) calendar: WorkCalendar,
    pub(crate) catalogue: Catalogue,
    pub(crate) policies: Policies,
    people: BTreeMap<&'static str, By>,
}

impl City {
    pub(crate) fn new() -> Self {
        let (catalogue, policies) = catalogue::standard().unwrap();
        Self { calendar: WorkCalendar::standard(), catalogue, policies, people: people() }
    }

    pub(crate) fn person(&self, name: &str) -> &By {
        self.people.get(name).unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.people.keys().copied()
    }

    pub(crate) fn facts<'a>(&'a self, at: Time, by: &'a By) -> Facts<'a> {
        Facts {
            at,
            by,
            calendar: &self.calendar,
            catalogue: &self.catalogue,
            policies: &self.policies,
            snapshots: Snapshots { policies: 3, places: 5, matrix: 8 },
        }
    }
}

/// The cell in which everything happens.
pub(crate) fn cell_area() -> AreaKey {
    "3202811010010004".parse().unwrap()
}

/// Its id.
pub(crate) const CELL: CellId = CellId(9);

/// What the responsibility list says.
pub(crate) fn proposal() -> Proposal {
    let row = Some(RowRef { id: MatrixRowId(1014), row_no: 14 });
    Proposal { unit: URBAN, helpers: vec![SANITATION], row, backstop: false }
}

/// What it says where no row answers.
pub(crate) fn backstop() -> Proposal {
    Proposal { unit: TOWN, helpers: vec![], row: None, backstop: true }
}

fn people() -> BTreeMap<&'static str, By> {
    let here: AreaKey = "320281101".parse().unwrap();
    let there: AreaKey = "320281102".parse().unwrap();
    let staff = |user: UserId, unit: UnitId, role: Role, area: AreaKey, bound: bool| {
        let grant = Grant { role, area: area.range(), unit: bound.then_some(unit) };
        By::Staff(Staff { user, unit: Some(unit), grants: vec![grant], past: vec![] })
    };
    let mut people = BTreeMap::from([
        ("小梅", By::Resident),
        ("计时器", By::Timer),
        ("采集员小陈", staff(UserId(101), UnitId(40), Role::Inspector, here, false)),
        ("受理员老吴", staff(UserId(102), CENTRE, Role::Acceptor, here, false)),
        ("派遣员老许", staff(UserId(103), CENTRE, Role::Dispatcher, here, false)),
        ("城管小郑", staff(ZHENG, URBAN, Role::Handler, here, true)),
        ("环卫小孙", staff(UserId(106), SANITATION, Role::Handler, here, true)),
        ("镇里老马", staff(UserId(107), TOWN, Role::Handler, here, true)),
        ("核查员老周", staff(UserId(108), INSPECTORATE, Role::Checker, here, false)),
        ("城管核查员", staff(UserId(109), URBAN, Role::Checker, here, false)),
        ("城管受理员", staff(UserId(110), URBAN, Role::Acceptor, here, false)),
        ("调任核查的小郑", staff(ZHENG, INSPECTORATE, Role::Checker, here, false)),
        ("调任受理的小郑", staff(ZHENG, CENTRE, Role::Acceptor, here, false)),
        ("城管文员", staff(UserId(111), URBAN, Role::Leader, here, false)),
        ("邻镇受理员", staff(UserId(112), CENTRE, Role::Acceptor, there, false)),
        ("邻镇采集员", staff(UserId(113), UnitId(40), Role::Inspector, there, false)),
        ("领导", staff(UserId(114), UnitId(60), Role::Leader, here, false)),
    ]);
    // Lent to the urban management unit: he belongs elsewhere, but a grant of his is bound to it.
    let lent = Grant { role: Role::Handler, area: here.range(), unit: Some(URBAN) };
    let check = Grant { role: Role::Checker, area: here.range(), unit: None };
    let back = Staff { user: UserId(115), unit: Some(INSPECTORATE), grants: vec![check], past: vec![] };
    let lent = Staff { grants: vec![lent, check], ..back.clone() };
    people.insert("借调小何", By::Staff(lent));
    people.insert("回原单位的小何", By::Staff(back));
    people
}
