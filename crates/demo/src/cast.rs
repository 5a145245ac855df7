//! Units and people of the demo city. Units carry the names that such units have anywhere; persons are invented.

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::AreaKey;
use kernel::id::{CityId, UnitId, UserId};
use kernel::rights::{Grant, Role};
use org::{Dates, Unit, UnitKind};
use platform::web::Caller;

use crate::geography::Geography;

/// 江阴市.
pub const CITY: CityId = CityId(320_281);
/// The password of every demo account.
pub const PASSWORD: &str = "yanshi-2026";
/// The town in which the tour plays and which the small scale holds: 周庄镇.
pub const TOUR_TOWN: &str = "320281108";

/// 城市运行管理中心, which takes what even a town does not.
pub(crate) const CITY_BACKSTOP: UnitId = UnitId(101);
/// 城市管理局.
pub(crate) const URBAN: UnitId = UnitId(102);
/// 住房和城乡建设局.
pub(crate) const HOUSING: UnitId = UnitId(103);
/// 交通运输局.
pub(crate) const TRANSPORT: UnitId = UnitId(104);
/// 公安局.
pub(crate) const POLICE: UnitId = UnitId(105);
/// 市场监督管理局.
pub(crate) const MARKETS: UnitId = UnitId(106);
/// 水利局.
pub(crate) const WATERWAYS: UnitId = UnitId(107);
/// 园林绿化中心.
pub(crate) const PARKS: UnitId = UnitId(108);
/// 消防救援大队.
pub(crate) const FIRE: UnitId = UnitId(109);
/// 供电公司.
pub(crate) const POWER: UnitId = UnitId(110);
/// 水务集团.
pub(crate) const WATER: UnitId = UnitId(111);
/// 燃气公司.
pub(crate) const GAS: UnitId = UnitId(112);
/// 文明办.
pub(crate) const OFFICE: UnitId = UnitId(113);
/// 市民服务核查中心, whose people check what others fixed.
pub(crate) const CHECKING: UnitId = UnitId(114);

const CITY_UNITS: [(UnitId, &str, &str, &str, UnitKind); 14] = [
    (CITY_BACKSTOP, "JY-CYZX", "江阴市城市运行管理中心", "城运中心", UnitKind::Department),
    (URBAN, "JY-CGJ", "江阴市城市管理局", "城管局", UnitKind::Department),
    (HOUSING, "JY-ZJJ", "江阴市住房和城乡建设局", "住建局", UnitKind::Department),
    (TRANSPORT, "JY-JTJ", "江阴市交通运输局", "交通局", UnitKind::Department),
    (POLICE, "JY-GAJ", "江阴市公安局", "公安局", UnitKind::Department),
    (MARKETS, "JY-SJJ", "江阴市市场监督管理局", "市场监管局", UnitKind::Department),
    (WATERWAYS, "JY-SLJ", "江阴市水利局", "水利局", UnitKind::Department),
    (PARKS, "JY-YLZX", "江阴市园林绿化中心", "园林中心", UnitKind::Department),
    (FIRE, "JY-XFDD", "江阴市消防救援大队", "消防大队", UnitKind::Department),
    (POWER, "JY-GDGS", "江阴供电公司（演示）", "供电公司", UnitKind::Company),
    (WATER, "JY-SWJT", "江阴水务集团（演示）", "水务集团", UnitKind::Company),
    (GAS, "JY-RQGS", "江阴燃气公司（演示）", "燃气公司", UnitKind::Company),
    (OFFICE, "JY-WMB", "江阴市精神文明建设指导委员会办公室", "文明办", UnitKind::Department),
    (CHECKING, "JY-HCZX", "江阴市文明城市创建核查中心（演示）", "核查中心", UnitKind::Department),
];

/// The units, and which of them does what in a town.
#[derive(Debug, Clone)]
pub(crate) struct Cast {
    pub(crate) units: Vec<Unit>,
    towns: BTreeMap<String, i64>,
}

impl Cast {
    /// The units of the city and of every town.
    pub(crate) fn new(ground: &Geography) -> Self {
        let mut units: Vec<Unit> = CITY_UNITS
            .iter()
            .map(|(id, code, name, short, kind)| unit(*id, code, name, short, *kind, None))
            .collect();
        let mut towns = BTreeMap::new();
        for (index, town) in ground.towns.iter().enumerate() {
            let base = 1_000 + 10 * index as i64;
            towns.insert(town.code9.clone(), base);
            let area = town.code9.parse().ok();
            let short = town.name.trim_end_matches("街道").trim_end_matches('镇').to_owned();
            let seat = if town.name.ends_with("街道") {
                format!("{}办事处", town.name)
            } else if town.name.ends_with('镇') {
                format!("{}人民政府", town.name)
            } else {
                format!("{}管理委员会", town.name)
            };
            let code = |letters: &str| format!("{}-{letters}", &town.code9[6..]);
            let kind = UnitKind::Town;
            units.push(unit(UnitId(base + 1), &code("ZF"), &seat, &town.name, kind, area));
            let name = format!("{}综合行政执法局", town.name);
            units.push(unit(UnitId(base + 2), &code("ZF2"), &name, &format!("{short}执法局"), kind, area));
            let name = format!("{}环境卫生管理所", town.name);
            units.push(unit(UnitId(base + 3), &code("HWS"), &name, &format!("{short}环卫所"), kind, area));
        }
        Self { units, towns }
    }

    fn base(&self, town_code: &str) -> i64 {
        self.towns.get(town_code).copied().unwrap_or(1_000)
    }

    /// The town's own government or office.
    pub(crate) fn town(&self, town_code: &str) -> UnitId {
        UnitId(self.base(town_code) + 1)
    }

    /// 综合行政执法局 of a town.
    pub(crate) fn enforcement(&self, town_code: &str) -> UnitId {
        UnitId(self.base(town_code) + 2)
    }

    /// 环境卫生管理所 of a town.
    pub(crate) fn sanitation(&self, town_code: &str) -> UnitId {
        UnitId(self.base(town_code) + 3)
    }

    /// The departments that support cells (包保).
    pub(crate) fn supporters(&self) -> [UnitId; 8] {
        [URBAN, HOUSING, TRANSPORT, POLICE, MARKETS, WATERWAYS, PARKS, OFFICE]
    }
}

fn unit(id: UnitId, code: &str, name: &str, short: &str, kind: UnitKind, area: Option<AreaKey>) -> Unit {
    Unit {
        id,
        code: code.to_owned(),
        name: name.to_owned(),
        short_name: short.to_owned(),
        kind,
        area,
        parent: None,
        valid: Dates::ALWAYS,
    }
}

/// A person whom a visitor of the demo can become.
#[derive(Debug, Clone, Copy)]
pub struct Persona {
    /// Key in addresses and on the role bar.
    pub key: &'static str,
    /// Invented name.
    pub name: &'static str,
    /// Role in words.
    pub role_name: &'static str,
    /// Sign-in name.
    pub login: &'static str,
    /// What he finds when he signs in.
    pub hint: &'static str,
    pub(crate) role: Role,
    pub(crate) user: UserId,
}

/// The persons of the role bar and of the printed accounts.
pub const PERSONAS: &[Persona] = &[
    persona("inspector", "周明远", "采集员", "caiji", "巡查上报，现场核实", Role::Inspector, 1),
    persona("acceptor", "陆晓岚", "受理员", "shouli", "登记来电，受理、立案、结案", Role::Acceptor, 2),
    persona("dispatcher", "沈嘉木", "派遣员", "paiqian", "按责任清单派遣", Role::Dispatcher, 3),
    persona("handler", "钱大勇", "责任单位经办人", "huanwei", "周庄环卫所：处置并反馈", Role::Handler, 4),
    persona("checker", "顾清", "核查员", "hecha", "核查处置结果", Role::Checker, 5),
    persona("leader", "徐振华", "领导", "lingdao", "看运行图和超期案件", Role::Leader, 6),
    persona("office", "林书敏", "文明办", "wenmingban", "责任网格、责任清单、导入", Role::Office, 7),
    persona("admin", "吴一凡", "系统管理员", "guanli", "导入单位与人员，维护工作日历", Role::Admin, 8),
    persona("auditor", "郑维真", "审计员", "shenji", "校验案件的记录链", Role::Auditor, 9),
];

const fn persona(
    key: &'static str,
    name: &'static str,
    role_name: &'static str,
    login: &'static str,
    hint: &'static str,
    role: Role,
    user: i64,
) -> Persona {
    Persona { key, name, role_name, login, hint, role, user: UserId(user) }
}

/// Somebody who works in the demo: what `platform` knows of a caller.
pub(crate) fn staff(
    user: i64,
    login: &str,
    name: &str,
    role: Role,
    area: &str,
    unit: Option<UnitId>,
) -> Caller {
    let key: AreaKey = area.parse().unwrap_or_default();
    let bound = if role.bound_to_unit() { unit } else { None };
    Caller {
        city: CITY,
        user: UserId(user),
        login: login.to_owned(),
        name: name.to_owned(),
        unit,
        grants: vec![Grant { role, area: key.range(), unit: bound }],
        past: Vec::new(),
    }
}

/// The grants of a caller, as `platform` stores them.
pub(crate) fn grants(caller: &Caller) -> BTreeSet<Grant> {
    caller.grants.iter().copied().collect()
}
