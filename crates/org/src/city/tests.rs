use kernel::calendar::DayKind;
use kernel::id::MatrixRowId;

use super::*;
use crate::errors::OrgError;
use crate::model::{AreaSelector, CompleteYear, Dates, MatrixRow, UnitKind, Window};

const ID: CityId = CityId(320_281);

fn key(text: &str) -> AreaKey {
    text.parse().unwrap()
}

fn square(west: f64, south: f64, side: f64) -> Option<String> {
    let (east, north) = (west + side, south + side);
    Some(format!(
        r#"{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}"#
    ))
}

fn place(code: &str, name: &str, backstop: Option<i64>) -> Place {
    let backstop = backstop.map(UnitId);
    Place { key: key(code), name: name.into(), valid: Dates::ALWAYS, backstop, outline: None }
}

fn cell(id: i64, code: &str, name: &str, polygon: Option<String>) -> Cell {
    Cell {
        id: CellId(id),
        key: key(code),
        name: name.into(),
        polygon,
        persons: vec![],
        supporting_unit: None,
        linked_leader: None,
        valid: Dates::ALWAYS,
    }
}

fn unit(id: i64, name: &str) -> Unit {
    Unit {
        id: UnitId(id),
        code: format!("U{id}"),
        name: format!("{name}全称"),
        short_name: name.into(),
        kind: UnitKind::Department,
        area: None,
        parent: None,
        valid: Dates::ALWAYS,
    }
}

fn row(row_no: u32, class: &str, area: &str, unit: i64) -> MatrixRow {
    MatrixRow {
        id: MatrixRowId(i64::from(row_no)),
        row_no,
        class: Some(class.parse().unwrap()),
        area: AreaSelector::Area(key(area)),
        owner: None,
        window: Window::ALWAYS,
        valid: Dates::ALWAYS,
        unit: UnitId(unit),
        helpers: vec![],
        note: String::new(),
    }
}

/// A city cell, two town cells and three cells below; one village has no cell.
fn records() -> Records {
    Records {
        places: vec![
            place("320281", "示例市", Some(1)),
            place("320281101", "东镇", Some(2)),
            place("320281101201", "一村", None),
            place("320281101202", "二村", None),
            place("320281102", "西镇", None),
            place("320281102201", "三村", None),
        ],
        cells: vec![
            cell(1, "320281", "市级网格", square(120.0, 31.0, 0.1)),
            cell(2, "320281101", "东镇网格", square(120.0, 31.0, 0.05)),
            cell(3, "320281102", "西镇网格", square(120.05, 31.0, 0.05)),
            cell(11, "3202811012010001", "一村第1网格", square(120.0, 31.0, 0.02)),
            cell(12, "3202811012010002", "一村第2网格", square(120.02, 31.0, 0.02)),
            cell(13, "3202811022010001", "三村第1网格", square(120.05, 31.0, 0.02)),
        ],
        units: vec![unit(1, "城管局"), unit(2, "东镇政府")],
        past_names: [(UnitId(9), "已撤单位".to_owned())].into(),
        rows: vec![row(1, "E01", "320281101", 1), row(2, "E01", "320281101", 2)],
        ..Records::default()
    }
}

fn build(records: Records, day: i8) -> City {
    City::build(ID, Date::constant(2026, 3, day), records, Arc::new([]), Versions::default()).unwrap()
}

#[test]
fn every_cell_lies_in_exactly_one_upper_cell() {
    let city = build(records(), 2);
    let names = |id: i64| {
        let cell = city.cell(CellId(id)).unwrap();
        city.children_of(cell).map(|child| child.id.0).collect::<Vec<_>>()
    };
    assert_eq!((names(1), names(2), names(3), names(11)), (vec![2, 3], vec![11, 12], vec![13], vec![]));
    let parents: Vec<Option<i64>> =
        city.cells().map(|cell| city.parent_of(cell).map(|parent| parent.id.0)).collect();
    assert_eq!(parents, [None, Some(1), Some(2), Some(2), Some(1), Some(3)]);
    let children: usize = city.cells().map(|cell| city.children_of(cell).count()).sum();
    assert_eq!(children + 1, city.cells().count(), "only the city's cell lies in no other");
}

#[test]
fn the_smallest_places_cover_the_city() {
    let city = build(records(), 2);
    let leaves: Vec<String> = city.leaves().into_iter().map(AreaKey::code).collect();
    assert_eq!(leaves, ["3202811012010001", "3202811012010002", "320281101202", "3202811022010001"]);
}

#[test]
fn answers_tell_their_reasons() {
    let city = build(records(), 2);
    let at = kernel::time::Time::start_of(Date::constant(2026, 3, 2));
    let class = "E0110".parse().unwrap();
    let answer = city.resolve(key("3202811012010002"), class, at).unwrap();
    assert_eq!((answer.unit, answer.row.unwrap().row_no, answer.backstop), (UnitId(1), 1, false));
    assert_eq!(
        answer.steps,
        [
            "位置：东镇 · 一村 · 一村第2网格",
            "问题类型：E0110 E0110",
            "责任清单 第1行：E01 · 东镇 → 城管局",
            "第2行同等优先但责任单位为东镇政府，按行号取靠前的一行"
        ]
    );
    let hole = city.resolve(key("320281101"), "E0210".parse().unwrap(), at).unwrap();
    assert_eq!((hole.unit, hole.backstop), (UnitId(2), true));
    assert_eq!(hole.steps[0], "位置：东镇（不在任何村级网格内）");
    assert_eq!(hole.steps[2], "责任清单没有对应的行，由东镇的兜底单位东镇政府承办");
    let outside = city.resolve_point(Point::new(121.0, 31.0).unwrap(), class, at);
    assert_eq!(outside.unwrap_err(), OrgError::OutsideCity);
    let empty =
        City::build(ID, Date::constant(2026, 3, 2), Records::default(), Arc::new([]), Versions::default());
    assert_eq!(empty.unwrap().resolve(key("320281"), class, at).unwrap_err(), OrgError::NoBackstop);
    assert_eq!((city.unit_name(UnitId(9)), city.unit_name(UnitId(404))), ("已撤单位", ""));
}

#[test]
fn a_snapshot_ends_when_a_dated_record_begins_or_ends() {
    let day = |day| Date::constant(2026, 3, day);
    let mut dated = records();
    dated.cells[5].valid = Dates { valid_from: None, valid_to: Some(day(10)) };
    dated.places[3].valid = Dates { valid_from: Some(day(20)), valid_to: None };
    let city = build(dated.clone(), 2);
    assert!(city.is_current(day(10)) && !city.is_current(day(11)) && !city.is_current(day(1)));
    assert!(city.cell(CellId(13)).is_some() && city.place(key("320281101202")).is_none());
    let later = build(dated, 11);
    assert!(later.cell(CellId(13)).is_none() && later.is_current(day(19)) && !later.is_current(day(20)));
    assert!(build(records(), 2).is_current(Date::constant(2099, 1, 1)));
}

#[test]
fn a_unit_that_ended_is_no_longer_accountable() {
    let day = |day| Date::constant(2026, 3, day);
    let noon = |day: i8| kernel::time::Time::start_of(Date::constant(2026, 3, day)).plus_ms(12 * 3_600_000);
    let mut dated = records();
    let until = |valid_to| Dates { valid_from: None, valid_to: Some(valid_to) };
    // Unit 1 answers by the list, unit 2 is the backstop of its town.
    dated.units.iter_mut().find(|unit| unit.id == UnitId(1)).unwrap().valid = until(day(10));
    dated.units.iter_mut().find(|unit| unit.id == UnitId(2)).unwrap().valid = until(day(20));
    dated.rows = vec![MatrixRow { helpers: vec![UnitId(2)], ..row(1, "E01", "320281101", 1) }];
    dated.places.iter_mut().find(|place| place.key == key("320281")).unwrap().backstop = Some(UnitId(3));
    dated.units.push(unit(3, "城运中心"));
    let city = build(dated.clone(), 2);
    let asked = |city: &City, at| {
        let answer = city.resolve(key("3202811012010001"), "E0110".parse().unwrap(), at).unwrap();
        (answer.unit.0, answer.helpers.len(), answer.backstop)
    };
    assert_eq!(asked(&city, noon(10)), (1, 1, false));
    assert_eq!(asked(&city, noon(11)), (2, 0, true), "the backstop of the town");
    assert_eq!(asked(&city, noon(21)), (3, 0, true), "which ends as well; the city's is left");
    // The snapshot knows the days, and the list shows the hole.
    assert!(city.is_current(day(10)) && !city.is_current(day(11)));
    let later = build(dated, 21);
    assert_eq!(later.backstop_of(key("320281101")), Some(UnitId(3)));
    assert!(later.is_current(Date::constant(2099, 1, 1)));
}

#[test]
fn the_list_of_holes_knows_the_last_day_of_a_unit() {
    let info =
        ClassInfo { code: "E0110".parse().unwrap(), name: "垃圾".into(), group_name: "市容".into() };
    let mut dated = records();
    dated.rows = vec![row(1, "E01", "320281", 1)];
    let unit = dated.units.iter_mut().find(|unit| unit.id == UnitId(1)).unwrap();
    unit.valid.valid_to = Some(Date::constant(2026, 6, 30));
    let city =
        City::build(ID, Date::constant(2026, 3, 2), dated, [info].into(), Versions::default()).unwrap();
    let holes: Vec<_> = city.findings().items.iter().filter(|found| found.kind == "hole").collect();
    assert_eq!(holes.len(), 1);
    assert_eq!(holes[0].time_text.as_deref(), Some("2026-07-01 起"));
}

#[test]
fn the_seeded_calendar_stands_until_the_city_has_its_own() {
    let day = Date::constant(2026, 10, 1);
    let city = build(records(), 2);
    assert!(!city.calendar().is_working_day(day) && city.calendar().is_year_known(day));
    let own = Day { date: Date::constant(2027, 1, 1), kind: DayKind::Holiday, name: "元旦".into() };
    let city = build(Records { days: vec![own], ..records() }, 2);
    assert!(city.calendar().is_working_day(day) && !city.calendar().is_year_known(day));
    let new_year = Date::constant(2027, 1, 1);
    assert!(!city.calendar().is_working_day(new_year));
    // One date is not the year: somebody must say that it is complete.
    assert!(!city.calendar().is_year_known(new_year));
    let own = Day { date: new_year, kind: DayKind::Holiday, name: "元旦".into() };
    let mut days = seeded_days();
    days.push(own);
    let told = Records { days, years: vec![CompleteYear { year: 2027 }], ..records() };
    let city = build(told, 2);
    assert!(city.calendar().is_year_known(new_year) && city.calendar().is_year_known(day));
}

#[test]
fn findings_name_places_that_can_be_opened() {
    let info =
        |code: &str| ClassInfo {
            code: code.parse().unwrap(), name: code.into(), group_name: "市容".into()
        };
    let classes: Arc<[ClassInfo]> = [info("E0110"), info("E0111")].into();
    let city = City::build(ID, Date::constant(2026, 3, 2), records(), classes, Versions::default()).unwrap();
    let findings = city.findings();
    let told: Vec<(&str, &str)> = findings.items.iter().map(|f| (f.kind, f.title.as_str())).collect();
    assert_eq!(told[0], ("hole", "西镇 · 市容：责任清单空缺，只有兜底单位"));
    assert_eq!(told[1], ("overlap", "东镇 · 市容：第1、2行责任单位重叠"));
    let grid: Vec<&str> = told.iter().map(|(kind, _)| *kind).skip(2).collect();
    assert_eq!(grid, ["grid_hole"], "the rest of the city is in no village-level cell");
    assert_eq!((findings.holes, findings.overlaps), (2, 1));
    assert!(findings.items.iter().all(|item| item.point.is_some() && item.geometry.is_some()));
    let answering: Vec<Vec<UnitId>> = findings.items.iter().map(|item| item.answering.clone()).collect();
    // Of an overlap the first row's unit answers, not the backstop (东镇政府); of a hole the backstop; of the grid, it depends.
    assert_eq!(answering, [vec![UnitId(1)], vec![UnitId(1)], vec![]]);
}

/// What the page of findings says about who answers is what the look-up says for the same question.
#[test]
fn a_finding_and_the_look_up_behind_it_say_the_same() {
    let info =
        |code: &str| ClassInfo {
            code: code.parse().unwrap(), name: code.into(), group_name: "市容".into()
        };
    let classes: Arc<[ClassInfo]> = [info("E0110"), info("E0111"), info("E0210")].into();
    let mut told = records();
    told.rows.push(row(3, "E01", "320281102", 1));
    // Only the weekends are contested in the west, and only in one of its villages' cells.
    let weekend = Window::new(0b110_0000, 8 * 60, 18 * 60).unwrap();
    told.rows.push(MatrixRow { window: weekend, ..row(4, "E0110", "3202811022010001", 1) });
    told.rows.push(MatrixRow { window: weekend, ..row(5, "E0110", "3202811022010001", 2) });
    let city = City::build(ID, Date::constant(2026, 3, 2), told, classes, Versions::default()).unwrap();
    let of_list: Vec<&CityFinding> =
        city.findings().items.iter().filter(|item| !item.kind.starts_with("grid_")).collect();
    assert_eq!(of_list.len(), 3, "{of_list:?}");
    for item in of_list {
        let ((class, at), point) = (item.ask.expect(&item.title), item.point.expect(&item.title));
        assert_eq!(at.is_some(), item.time_text.is_some(), "{}", item.title);
        let at = at.unwrap_or(kernel::time::Time::start_of(Date::constant(2026, 3, 4)));
        let (_, answer) = city.resolve_point(point, class, at).unwrap();
        assert!(item.answering.contains(&answer.unit), "{}: {answer:?}", item.title);
        assert_eq!(answer.backstop, item.kind == "hole", "{}: {answer:?}", item.title);
        assert_eq!(answer.row, item.rows.first().map(|(row, _)| *row), "{}", item.title);
    }
}
