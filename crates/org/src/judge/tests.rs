use kernel::id::{CellId, MatrixRowId, UserId};
use kernel::rights::Role;
use kernel::time::Date;

use super::*;
use crate::city::PersonView;
use crate::document::Document;
use crate::model::{
    Backdrop, Body, BodyId, BodyKind, Cell, Day, Deputy, DeputyId, MatrixRow, Member, Person, Post, PostId,
    Profile, Record, Relation, RelationId, RelationKind, UnitKind, Window, Zone, ZonePart,
};

const TODAY: Date = Date::constant(2026, 3, 2);

fn key(text: &str) -> AreaKey {
    text.parse().unwrap()
}

fn place(code: &str, backstop: Option<i64>) -> Place {
    let backstop = backstop.map(UnitId);
    Place { key: key(code), name: code.into(), valid: Dates::ALWAYS, backstop, outline: None }
}

fn unit(id: i64, code: &str, parent: Option<i64>) -> Unit {
    Unit {
        id: UnitId(id),
        code: code.into(),
        name: code.into(),
        short_name: code.into(),
        kind: UnitKind::Department,
        area: None,
        parent: parent.map(UnitId),
        valid: Dates::ALWAYS,
    }
}

fn person(id: i64) -> PersonView {
    let person = Person {
        id: PersonId(id),
        code: format!("P{id}"),
        name: kernel::evidence::Commitment(String::new()),
        phone: None,
        unit: None,
        title: String::new(),
        user: None,
        valid: Dates::ALWAYS,
    };
    PersonView { person, name: "某".into(), phone_masked: None }
}

fn cell(id: i64, code: &str) -> Cell {
    Cell {
        id: CellId(id),
        key: key(code),
        name: "网格".into(),
        polygon: None,
        persons: vec![],
        supporting_unit: None,
        linked_leader: None,
        valid: Dates::ALWAYS,
    }
}

fn post(id: i64, person: i64, role: Role, area: &str) -> Post {
    Post { id: PostId(id), person: PersonId(person), role, area: key(area), unit: None, valid: Dates::ALWAYS }
}

/// A sound little city.
fn sound() -> Records {
    Records {
        places: vec![place("320281", Some(1)), place("320281101", None), place("320281101201", None)],
        units: vec![unit(1, "U1", None)],
        cells: vec![cell(1, "3202811012010001"), cell(8, "320281"), cell(9, "320281101")],
        persons: vec![person(1), person(2)],
        posts: vec![post(1, 1, Role::Leader, "3202811012010001")],
        ..Records::default()
    }
}

/// What is wrong after these changes, as `kind.field code`.
fn faults(set: Vec<Document>, removed: Vec<(Kind, i64)>) -> Vec<String> {
    let before = sound();
    let mut after = before.clone();
    let mut touched: BTreeSet<(Kind, i64)> = removed.iter().copied().collect();
    for document in set {
        touched.insert((document.kind(), document.id()));
        after.set(document);
    }
    for (kind, id) in removed {
        after.remove(kind, id);
    }
    let found = judge(key("320281"), &before, &after, &touched, &[], TODAY);
    let mut told: Vec<String> =
        found.iter().map(|unfit| format!("{}.{} {}", unfit.kind.word(), unfit.field, unfit.code)).collect();
    told.sort();
    told
}

fn set<R: Record + Into<Document>>(record: R) -> Vec<String> {
    faults(vec![record.into()], vec![])
}

#[test]
fn a_sound_city_has_no_faults() {
    let after = sound();
    let touched = [
        (Kind::Place, key("320281").0),
        (Kind::Unit, 1),
        (Kind::Cell, 1),
        (Kind::Person, 1),
        (Kind::Post, 1),
    ];
    assert_eq!(judge(key("320281"), &after, &after, &touched.into(), &[], TODAY), []);
}

#[test]
fn places_and_cells_stand_under_what_is_there() {
    assert_eq!(set(place("320281102201", None)), ["place.code org/unknown-reference"]);
    assert_eq!(
        set(place("320282101", None)),
        ["place.code org/outside-city", "place.code org/unknown-reference"]
    );
    assert_eq!(set(place("320281", None)), ["place.backstop org/no-backstop"]);
    assert_eq!(set(place("320281", Some(9))), ["place.backstop org/unknown-reference"]);
    assert_eq!(set(cell(2, "3202811012020001")), ["cell.code org/unknown-reference"]);
    assert_eq!(set(cell(2, "320281101201")), ["cell.code org/bad-level"]);
    assert_eq!(set(cell(2, "3202811012010001")), ["cell.code org/code-taken"]);
    let drawn = Cell { polygon: Some("{}".into()), ..cell(2, "3202811012010002") };
    assert_eq!(set(drawn), ["cell.polygon org/geometry-not-polygon"]);
    let part = ZonePart { range: key("320282").range(), valid: Dates::ALWAYS };
    let zone = |code: &str, parts| Zone { id: ZoneId(1), code: code.into(), name: "区".into(), parts };
    assert_eq!(set(zone("123", vec![])), ["zone.code org/bad-code", "zone.parts org/zone-empty"]);
    assert_eq!(set(zone("G1", vec![part])), ["zone.parts org/outside-city"]);
}

#[test]
fn every_cell_lies_in_exactly_one_upper_cell() {
    let removed = |id| faults(vec![], vec![(Kind::Cell, id)]);
    assert_eq!(removed(8), ["cell. org/in-use"], "the town's cell lies in the city's");
    assert_eq!(removed(9), ["cell. org/in-use"], "and the cell in the town's");
    let town = vec![place("320281102", None).into(), place("320281102201", None).into()];
    let with = |more: Cell| [town.clone(), vec![more.into()]].concat();
    assert_eq!(faults(with(cell(2, "3202811022010001")), vec![]), ["cell.code org/unknown-reference"]);
    let both = [with(cell(2, "3202811022010001")), vec![cell(3, "320281102").into()]].concat();
    assert_eq!(faults(both, vec![]), Vec::<String>::new());
    // A cell does not stand for its place.
    assert_eq!(set(cell(3, "320281103")), ["cell.code org/unknown-reference"]);
    // Nor may the upper one end before.
    let until = |day| Dates { valid_from: None, valid_to: Some(Date::constant(2026, 3, day)) };
    let ended = |cell: Cell, day| Cell { valid: until(day), ..cell };
    assert_eq!(set(ended(cell(9, "320281101"), 30)), ["cell.valid_to org/outlives-upper-cell"]);
    let (upper, lower) = (ended(cell(9, "320281101"), 30), ended(cell(1, "3202811012010001"), 30));
    assert_eq!(faults(vec![upper.into(), lower.into()], vec![]), Vec::<String>::new());
}

#[test]
fn the_unit_behind_all_others_has_no_last_day() {
    let day = |day| Some(Date::constant(2026, 3, day));
    let dated = |id: i64, valid_from, valid_to| Unit {
        valid: Dates { valid_from, valid_to },
        ..unit(id, "U1", None)
    };
    assert_eq!(set(dated(1, None, day(30))), ["unit.valid_to org/backstop-ends"]);
    assert_eq!(set(dated(1, day(3), None)), ["unit.valid_from org/backstop-ends"]);
    assert_eq!(set(dated(1, day(2), None)), Vec::<String>::new());
    let other = Unit { code: "U2".into(), ..dated(2, None, day(30)) };
    let both = vec![other.clone().into(), place("320281", Some(2)).into()];
    let expected = ["place.backstop org/backstop-ends", "unit.valid_to org/backstop-ends"];
    assert_eq!(faults(both, vec![]), expected);
    // Under the city's, a unit may end: the next one up answers.
    let town = vec![other.into(), place("320281101", Some(2)).into()];
    assert_eq!(faults(town, vec![]), Vec::<String>::new());
}

#[test]
fn nothing_is_removed_from_under_others() {
    let removed = |kind, id| faults(vec![], vec![(kind, id)]);
    assert_eq!(removed(Kind::Unit, 1), ["unit. org/in-use"]);
    assert_eq!(removed(Kind::Person, 1), ["person. org/in-use"]);
    assert_eq!(removed(Kind::Cell, 1), ["cell. org/in-use"], "a post is held in it");
    let town = removed(Kind::Place, key("320281101").0);
    assert_eq!(town, ["place. org/in-use", "place. org/in-use"], "by its village and by its cell");
    assert_eq!(removed(Kind::Person, 2), Vec::<String>::new());
    assert_eq!(faults(vec![], vec![(Kind::Cell, 1), (Kind::Post, 1)]), Vec::<String>::new());
}

#[test]
fn units_do_not_stand_above_themselves() {
    assert_eq!(set(unit(1, "U1", Some(1))), ["unit.parent org/unit-circle"]);
    let circle = vec![unit(2, "U2", Some(3)).into(), unit(3, "U3", Some(2)).into()];
    assert_eq!(faults(circle, vec![]), ["unit.parent org/unit-circle", "unit.parent org/unit-circle"]);
    let below = vec![unit(2, "U2", Some(3)).into(), unit(3, "U3", Some(1)).into()];
    assert_eq!(faults(below, vec![]), Vec::<String>::new());
    assert_eq!(set(unit(2, "单位", None)), ["unit.code org/bad-code"]);
}

#[test]
fn posts_need_what_their_role_needs_and_deputies_their_dates() {
    assert_eq!(set(post(2, 2, Role::Handler, "320281")), ["post.unit org/role-needs-unit"]);
    assert_eq!(set(post(2, 1, Role::Leader, "3202811012010001")), ["post.code org/code-taken"]);
    assert_eq!(
        set(post(2, 3, Role::Leader, "320281109")),
        ["post.area org/unknown-reference", "post.person org/unknown-reference"]
    );
    let day = Some(Date::constant(2026, 3, 2));
    let deputy = |person, valid_to| Deputy {
        id: DeputyId(1),
        post: PostId(1),
        person: PersonId(person),
        valid: Dates { valid_from: day, valid_to },
    };
    assert_eq!(set(deputy(2, day)), Vec::<String>::new());
    assert_eq!(set(deputy(1, day)), ["deputy.person org/own-deputy"]);
    assert_eq!(set(deputy(2, None)), ["deputy.valid_to org/deputy-needs-dates"]);
    assert_eq!(set(deputy(2, Some(Date::constant(2026, 3, 1)))), ["deputy.valid_to org/dates-reversed"]);
    let mut twice = person(2).person;
    twice.user = Some(UserId(7));
    let mut same = person(1).person;
    same.user = Some(UserId(7));
    assert_eq!(faults(vec![twice.into(), same.into()], vec![]), ["person.user org/login-taken"]);
}

#[test]
fn what_belongs_to_a_person_stands_in_no_event() {
    let row = |note: &str| MatrixRow {
        id: MatrixRowId(1),
        row_no: 1,
        class: None,
        area: AreaSelector::Area(key("320281")),
        owner: None,
        window: Window::ALWAYS,
        valid: Dates::ALWAYS,
        unit: UnitId(1),
        helpers: vec![],
        note: note.into(),
    };
    assert_eq!(set(row("依养护协议，电话 0510-86881234")), Vec::<String>::new());
    assert_eq!(set(row("联系人 138 1234 1234")), ["row.note org/personal-in-text"]);
    let titled = |title: &str| Person { title: title.into(), ..person(1).person };
    assert_eq!(set(titled("副主任")), Vec::<String>::new());
    assert_eq!(set(titled("副主任13812341234")), ["person.title org/personal-in-text"]);
    let coded = Person { code: "32028119900101123X".into(), ..person(1).person };
    assert_eq!(set(coded), ["person.code org/personal-in-text"]);
    let seat =
        |seat: &str| Member { unit: Some(UnitId(1)), person: None, seat: seat.into(), valid: Dates::ALWAYS };
    let body = |text: &str| Body {
        id: BodyId(1),
        name: "文明委".into(),
        kind: BodyKind::Committee,
        office: None,
        members: vec![seat(text)],
        valid: Dates::ALWAYS,
    };
    assert_eq!(set(body("联络员")), Vec::<String>::new());
    assert_eq!(set(body("联络员 320281199001011234")), ["body.seat org/personal-in-text"]);
}

#[test]
fn rows_bodies_relations_and_settings_are_judged() {
    let row = MatrixRow {
        id: MatrixRowId(1),
        row_no: 0,
        class: None,
        area: AreaSelector::Zone(ZoneId(4)),
        owner: None,
        window: Window::ALWAYS,
        valid: Dates::ALWAYS,
        unit: UnitId(1),
        helpers: vec![UnitId(1)],
        note: " x".into(),
    };
    let expected = [
        "row.area org/unknown-reference",
        "row.helpers org/helper-twice",
        "row.note org/untrimmed",
        "row.row_no org/bad-row-no",
    ];
    assert_eq!(set(row), expected);
    let relation = Relation {
        id: RelationId(1),
        unit: UnitId(8),
        kind: RelationKind::Owns,
        area: AreaSelector::Area(key("320281101")),
        valid: Dates::ALWAYS,
    };
    assert_eq!(set(relation), ["relation.unit org/unknown-reference"]);
    let seat = Member { unit: None, person: None, seat: "主任".into(), valid: Dates::ALWAYS };
    let body = Body {
        id: BodyId(1),
        name: "文明委".into(),
        kind: BodyKind::Committee,
        office: Some(UnitId(8)),
        members: vec![seat],
        valid: Dates::ALWAYS,
    };
    assert_eq!(set(body), ["body.members org/empty-seat", "body.office org/unknown-reference"]);
    let day = Day {
        date: Date::constant(1999, 1, 1),
        kind: kernel::calendar::DayKind::Holiday,
        name: "元旦".into(),
    };
    assert_eq!(set(day), ["day.date org/date-out-of-range"]);
    let profile = Profile {
        city: key("320282"),
        name: "示例市".into(),
        system_title: "平台".into(),
        hotline: String::new(),
        number_prefix: "jy".into(),
        map_credit: "测试".into(),
        hours: vec![(600, 540)],
        joined_duties: false,
    };
    assert_eq!(
        set(profile),
        [
            "profile.city org/outside-city",
            "profile.hours calendar/bad-span",
            "profile.number_prefix org/bad-code"
        ]
    );
    let backdrop = Backdrop { city: key("320281"), neighbours: "[]".into() };
    assert_eq!(set(backdrop), ["backdrop.neighbours org/bad-backdrop"]);
}
