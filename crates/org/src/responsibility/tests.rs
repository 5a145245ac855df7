use kernel::chance::{Chance, SeededChance};
use kernel::time::{DAY_MS, Date, HOUR_MS, MINUTE_MS};

use super::*;
use crate::model::{ClassInfo, RelationId, RelationKind, ZonePart};

mod holes;
mod random;

fn area(code: &str) -> AreaKey {
    code.parse().unwrap()
}

fn class(code: &str) -> ClassCode {
    code.parse().unwrap()
}

fn row(row_no: u32, class_code: Option<&str>, place: &str, unit: i64) -> MatrixRow {
    MatrixRow {
        id: MatrixRowId(1_000 + i64::from(row_no)),
        row_no,
        class: class_code.map(|code| code.parse().unwrap()),
        area: AreaSelector::Area(area(place)),
        owner: None,
        window: Window::ALWAYS,
        valid: Dates::ALWAYS,
        unit: UnitId(unit),
        helpers: vec![],
        note: String::new(),
    }
}

/// Unit 900 backs the city, 901 one town.
fn backstops() -> BTreeMap<AreaKey, UnitId> {
    [(area("320281"), UnitId(900)), (area("320281101"), UnitId(901))].into()
}

fn matrix(rows: Vec<MatrixRow>) -> Matrix {
    Matrix::build(rows, &[], &[], backstops(), &HashMap::new())
}

/// Tuesday 2026-03-03 at an hour and minute, or a later day.
fn moment(days_later: i64, hour: i64, minute: i64) -> Time {
    Time::start_of(Date::constant(2026, 3, 3))
        .plus_ms(days_later * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS)
}

fn unit_of(matrix: &Matrix, class_code: &str, place: &str, at: Time) -> i64 {
    matrix.find(class(class_code), area(place), at).unwrap().unit.0
}

#[test]
fn area_goes_before_class_before_time_before_number() {
    let noon = moment(0, 12, 0);
    let cell = "3202811012010001";
    let mut rows = vec![row(9, None, "320281", 1)];
    let mut step = |new: MatrixRow, unit: i64| {
        rows.push(new);
        assert_eq!(unit_of(&matrix(rows.clone()), "E0110", cell, noon), unit);
    };
    step(row(8, Some("E01"), "320281", 2), 2);
    step(row(7, Some("E0110"), "320281", 3), 3);
    step(row(6, None, "320281101", 4), 4);
    step(row(5, None, "320281101201", 5), 5);
    step(row(4, None, cell, 6), 6);
    step(MatrixRow { window: Window::new(0x7F, 600, 780).unwrap(), ..row(99, None, cell, 7) }, 7);
    step(MatrixRow { window: Window::new(0x7F, 660, 780).unwrap(), ..row(98, None, cell, 8) }, 8);
    let day = Some(Date::constant(2026, 3, 3));
    let dated = MatrixRow { valid: Dates { valid_from: day, valid_to: day }, ..row(97, None, cell, 9) };
    // Dates only decide between windows of the same length.
    step(dated.clone(), 8);
    step(MatrixRow { window: Window::new(0x7F, 660, 780).unwrap(), row_no: 96, ..dated }, 9);
    step(row(95, Some("E01"), cell, 10), 10);
    // Elsewhere and at other hours the wider rows still answer.
    let all = matrix(rows);
    assert_eq!(unit_of(&all, "E0110", cell, moment(0, 9, 0)), 10);
    assert_eq!(unit_of(&all, "P0110", cell, moment(0, 9, 0)), 9);
    assert_eq!(unit_of(&all, "P0110", cell, moment(1, 9, 0)), 6);
    assert_eq!(unit_of(&all, "P0110", cell, moment(0, 10, 30)), 7);
    assert_eq!(unit_of(&all, "E0111", "320281102", noon), 2);
    assert_eq!(unit_of(&all, "E0111", "320281101", noon), 4);
}

#[test]
fn the_nearest_backstop_takes_the_rest() {
    let only = matrix(vec![row(1, Some("E02"), "320281", 1)]);
    for (place, unit, of) in [
        ("3202811012010001", 901, "320281101"),
        ("320281101", 901, "320281101"),
        ("320281102201", 900, "320281"),
        ("320281", 900, "320281"),
    ] {
        let found = only.find(class("E0110"), area(place), moment(0, 0, 0)).unwrap();
        assert_eq!(
            (found.unit, found.row, found.backstop_of),
            (UnitId(unit), None, Some(area(of))),
            "{place}"
        );
    }
    let bare = Matrix::build(vec![], &[], &[], BTreeMap::new(), &HashMap::new());
    assert_eq!(bare.find(class("E0110"), area("320281"), moment(0, 0, 0)), None);
}

#[test]
fn rows_that_differ_in_their_number_only_contest_each_other() {
    let rows = vec![
        row(3, Some("E01"), "320281101", 1),
        row(4, Some("E01"), "320281101", 2),
        row(5, Some("E01"), "320281101", 1),
        row(6, Some("E0110"), "320281", 3),
    ];
    let matrix = matrix(rows);
    let found = matrix.find(class("E0110"), area("320281101201"), moment(0, 0, 0)).unwrap();
    assert_eq!((found.unit, found.row.unwrap().row_no), (UnitId(1), 3));
    assert_eq!(found.contested, [MatrixRowId(1_004)], "the row with the same unit contests nothing");
}

fn relation(unit: i64, kind: RelationKind, place: &str) -> Relation {
    Relation {
        id: RelationId(unit),
        unit: UnitId(unit),
        kind,
        area: AreaSelector::Area(area(place)),
        valid: Dates::ALWAYS,
    }
}

#[test]
fn an_owner_row_holds_where_its_unit_stands_in_the_relation() {
    let owner = MatrixRow { owner: Some(RelationKind::Maintains), ..row(2, Some("E0113"), "320281", 5) };
    let rows = vec![row(1, Some("E0113"), "320281", 4), owner];
    let relations = [
        relation(5, RelationKind::Maintains, "320281101201"),
        relation(5, RelationKind::Owns, "320281102"),
        relation(6, RelationKind::Maintains, "320281103"),
    ];
    let matrix = Matrix::build(rows, &[], &relations, backstops(), &HashMap::new());
    let at = moment(0, 8, 0);
    let unit = |place| unit_of(&matrix, "E0113", place, at);
    assert_eq!((unit("3202811012010001"), unit("320281102201"), unit("320281103201")), (5, 4, 4));
}

#[test]
fn a_functional_area_is_as_narrow_as_its_parts_together() {
    let part = |code: &str| ZonePart { range: area(code).range(), valid: Dates::ALWAYS };
    let old = Dates { valid_from: None, valid_to: Some(Date::constant(2025, 12, 31)) };
    let zone = Zone {
        id: ZoneId(1),
        code: "G01".into(),
        name: "滨江商圈".into(),
        parts: vec![
            part("320281101201"),
            part("320281102201"),
            ZonePart { range: area("320281103").range(), valid: old },
        ],
    };
    let of_zone = MatrixRow { area: AreaSelector::Zone(ZoneId(1)), ..row(2, None, "320281", 7) };
    let unknown = MatrixRow { area: AreaSelector::Zone(ZoneId(2)), ..row(3, None, "320281", 8) };
    let rows = vec![row(1, None, "320281101", 1), of_zone, unknown, row(4, None, "3202811012010001", 2)];
    let zoned = Matrix::build(rows.clone(), std::slice::from_ref(&zone), &[], backstops(), &HashMap::new());
    // With a whole town inside, the zone is wider than a town, even after the town has left it.
    let at = moment(0, 8, 0);
    assert_eq!(unit_of(&zoned, "E0101", "3202811012010002", at), 1);
    assert_eq!(unit_of(&zoned, "E0101", "320281102201", at), 7);
    assert_eq!(unit_of(&zoned, "E0101", "320281103201", at), 900, "left the zone");
    let villages = Zone { parts: zone.parts[..2].to_vec(), ..zone };
    let zoned = Matrix::build(rows, &[villages], &[], backstops(), &HashMap::new());
    assert_eq!(unit_of(&zoned, "E0101", "3202811012010002", at), 7);
    assert_eq!(unit_of(&zoned, "E0101", "3202811012010001", at), 2);
}

#[test]
fn times_are_told_in_words() {
    let always = Dates::ALWAYS;
    let window = |days, from, to| Window::new(days, from, to).unwrap();
    assert_eq!(window_text(Window::ALWAYS, always), None);
    assert_eq!(window_text(window(0x1F, 480, 1080), always).unwrap(), "周一至周五 08:00–18:00");
    assert_eq!(window_text(window(0x60, 0, 1440), always).unwrap(), "周六、周日全天");
    assert_eq!(window_text(window(0x7F, 1080, 120), always).unwrap(), "每天 18:00–次日02:00");
    let spring =
        Dates { valid_from: Some(Date::constant(2026, 2, 15)), valid_to: Some(Date::constant(2026, 2, 23)) };
    assert_eq!(window_text(Window::ALWAYS, spring).unwrap(), "2026-02-15 至 2026-02-23");
}
