//! A small city: two towns of two villages of two cells, and who answers for what.

use std::sync::Arc;

use kernel::area::AreaKey;
use kernel::id::{CellId, CityId, MatrixRowId, UnitId};
use kernel::rights::Role;
use kernel::time::Date;
use org::{
    AreaSelector, Cell, CellPerson, ClassInfo, Classes, Dates, Duty, Edit, MatrixRow, Org, PersonId,
    PersonInput, Place, Post, PostId, Profile, Unit, UnitKind, Window,
};
use platform::journal::Actor;
use testkit::World;

/// Whoever fills the city.
pub(crate) const BUILDER: Actor = Actor::System("fixture");
/// 城管局, accountable for E01 in the first town.
pub(crate) const CITY_UNIT: UnitId = UnitId(901);
/// Backstops of the two towns.
pub(crate) const TOWN_UNITS: [UnitId; 2] = [UnitId(902), UnitId(903)];
/// 周明, leader of the first cell.
pub(crate) const LEADER: PersonId = PersonId(951);

/// Three classes in two 大类.
pub(crate) struct Catalogue;

impl Classes for Catalogue {
    fn classes(&self, _city: CityId) -> Arc<[ClassInfo]> {
        let info = |code: &str, name: &str, group_name: &str| ClassInfo {
            code: code.parse().unwrap(),
            name: name.into(),
            group_name: group_name.into(),
        };
        [
            info("E0110", "暴露生活垃圾", "市容环境"),
            info("E0113", "道路破损", "市容环境"),
            info("E0410", "非机动车乱停放", "街面秩序"),
        ]
        .into()
    }
}

/// The hall of a story's world.
pub(crate) fn hall(world: &World) -> Org {
    Org::new(world.ctx.clone()).with_classes(Arc::new(Catalogue))
}

/// A key of the story's city.
pub(crate) fn key(city: CityId, town: i64, village: i64, cell: i64) -> AreaKey {
    AreaKey::of(city.0, town, village, cell).unwrap()
}

fn square(west: f64, south: f64, width: f64, height: f64) -> String {
    let (east, north) = (west + width, south + height);
    format!(
        r#"{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}"#
    )
}

/// A unit.
pub(crate) fn unit(id: UnitId, code: &str, name: &str, kind: UnitKind) -> Unit {
    Unit {
        id,
        code: code.into(),
        name: name.into(),
        short_name: name.into(),
        kind,
        area: None,
        parent: None,
        valid: Dates::ALWAYS,
    }
}

/// A row of the responsibility list.
pub(crate) fn row(row_no: u32, class: &str, area: AreaKey, unit: UnitId) -> MatrixRow {
    MatrixRow {
        id: MatrixRowId(1_000 + i64::from(row_no)),
        row_no,
        class: Some(class.parse().unwrap()),
        area: AreaSelector::Area(area),
        owner: None,
        window: Window::ALWAYS,
        valid: Dates::ALWAYS,
        unit,
        helpers: vec![],
        note: String::new(),
    }
}

/// A member of staff.
pub(crate) fn person(id: PersonId, code: &str, name: &str) -> PersonInput {
    PersonInput {
        id,
        code: code.into(),
        name: name.into(),
        phone: Some("13800001234".into()),
        unit: Some(CITY_UNIT),
        title: "科员".into(),
        user: None,
        valid: Dates::ALWAYS,
    }
}

fn place(key: AreaKey, name: &str, backstop: Option<UnitId>, outline: Option<String>) -> Edit {
    Place { key, name: name.into(), valid: Dates::ALWAYS, backstop, outline }.into()
}

/// Everything at once: the city lies at 120…120.04° E, 31…31.04° N, each cell is 0.02° by 0.01°.
pub(crate) fn city_records(city: CityId) -> Vec<Edit> {
    let whole = key(city, 0, 0, 0);
    let mut edits: Vec<Edit> = vec![
        Profile {
            city: whole,
            name: "澄北市".into(),
            system_title: "文明澄北".into(),
            hotline: "12345".into(),
            number_prefix: "CB".into(),
            map_credit: "测试".into(),
            hours: vec![],
            joined_duties: false,
        }
        .into(),
        place(whole, "澄北市", Some(CITY_UNIT), Some(square(120.0, 31.0, 0.04, 0.04))),
        unit(CITY_UNIT, "CGJ", "城管局", UnitKind::Department).into(),
        unit(TOWN_UNITS[0], "T101", "东镇政府", UnitKind::Town).into(),
        unit(TOWN_UNITS[1], "T102", "西镇政府", UnitKind::Town).into(),
        person(LEADER, "P001", "周明").into(),
        Post {
            id: PostId(961),
            person: LEADER,
            role: Role::Handler,
            area: key(city, 101, 0, 0),
            unit: Some(CITY_UNIT),
            valid: Dates { valid_from: None, valid_to: Some(Date::constant(2026, 12, 31)) },
        }
        .into(),
        row(1, "E01", key(city, 101, 0, 0), CITY_UNIT).into(),
        row(2, "E04", whole, CITY_UNIT).into(),
    ];
    edits.push(upper_cell(101, whole, "澄北市网格").into());
    for (t, name) in [(0, "东镇"), (1, "西镇")] {
        let town = key(city, 101 + t, 0, 0);
        let south = 31.0 + 0.02 * t as f64;
        let unit = TOWN_UNITS[t as usize];
        edits.push(place(town, name, Some(unit), Some(square(120.0, south, 0.04, 0.02))));
        edits.push(upper_cell(102 + t, town, &format!("{name}网格")).into());
        for v in 0..2 {
            let village = key(city, 101 + t, 201 + v, 0);
            edits.push(place(village, &format!("{name}{}村", v + 1), None, None));
            for c in 0..2 {
                edits.push(cell(city, [t, v, c]).into());
            }
        }
    }
    edits
}

/// The cell of the city or of a town: it has the outline of its place.
fn upper_cell(id: i64, key: AreaKey, name: &str) -> Cell {
    Cell {
        id: CellId(id),
        key,
        name: name.into(),
        polygon: None,
        persons: vec![],
        supporting_unit: None,
        linked_leader: None,
        valid: Dates::ALWAYS,
    }
}

/// A cell: town and village and number, each counted from 0.
pub(crate) fn cell(city: CityId, [t, v, c]: [i64; 3]) -> Cell {
    let id = CellId(1 + t * 4 + v * 2 + c);
    let (west, south) = (120.0 + 0.02 * c as f64, 31.0 + 0.02 * t as f64 + 0.01 * v as f64);
    Cell {
        id,
        key: key(city, 101 + t, 201 + v, c + 1),
        name: format!("第{}网格", id.0),
        polygon: Some(square(west, south, 0.02, 0.01)),
        persons: vec![CellPerson { duty: Duty::CellLeader, person: LEADER, valid: Dates::ALWAYS }],
        supporting_unit: Some(CITY_UNIT),
        linked_leader: Some(LEADER),
        valid: Dates::ALWAYS,
    }
}

/// The hall with its city filled.
pub(crate) async fn filled(world: &World) -> Org {
    let hall = hall(world);
    hall.edit(world.city, BUILDER, city_records(world.city)).await.unwrap();
    hall
}
