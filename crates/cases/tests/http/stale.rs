//! The list, the grid and the units may change, on another server, between the moment at which an act looked at them
//! and the moment at which it is written: what is written is of the city as it stands then.

use kernel::id::CityId;
use org::{Cell, Dates, Edit, Org};
use platform::journal::Actor;
use serde_json::{Value, json};
use testkit::World;

use super::SETS;
use super::city::{SANITATION, Town, URBAN, here, key, row, square, unit};

testkit::stories!(SETS:
    a_changed_list_is_proposed_anew,
    a_unit_that_was_closed_meanwhile_gets_nothing,
    a_report_lies_in_the_grid_as_it_stands,
);

/// Somebody on another server changes the city; this one does not know yet.
async fn elsewhere(town: &Town, edits: Vec<Edit>) {
    let other = Org::new(town.world.ctx.clone());
    other.edit(town.world.city, Actor::System("test"), edits).await.unwrap();
}

/// A case that waits for the dispatcher.
async fn filed(town: &Town) -> String {
    let told = town.report("门口一堆垃圾", &[]).await;
    let case = told["case_id"].as_str().unwrap().to_owned();
    town.act("陈", &case, "pre-verify", json!({ "found": true })).await.expect(200);
    town.act("吴", &case, "file", json!({ "standard_id": "E0110-1" })).await.expect(200);
    case
}

async fn a_changed_list_is_proposed_anew(world: World) {
    let town = Town::open(world).await;
    let case = filed(&town).await;
    let first = key(town.world.city, 101, 0, 0);
    elsewhere(&town, vec![row(14, "E01", first, SANITATION, vec![])]).await;
    let old = town.act("许", &case, "dispatch", json!({ "unit_id": URBAN })).await;
    old.expect_problem(422, "cases/note-missing").expect_pointers(&["/note"]);
    elsewhere(&town, vec![row(14, "E01", first, URBAN, vec![])]).await;
    let done = town.act("许", &case, "dispatch", json!({ "unit_id": URBAN })).await.expect(200);
    assert_eq!((done.at("/unit/name"), done.at("/row/row_no")), (json!("城管局"), json!(14)));
    let journal = platform::journal::read_stream(
        town.world.ctx.db.reader(),
        town.world.city,
        "case",
        case.parse().unwrap(),
    )
    .await
    .unwrap();
    let event: Value = serde_json::from_str(&journal.last().unwrap().body).unwrap();
    assert_eq!((&event["proposed"], &event["helpers"]), (&json!(URBAN), &json!([])), "the row as it is now");
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn a_unit_that_was_closed_meanwhile_gets_nothing(world: World) {
    let town = Town::open(world).await;
    let case = filed(&town).await;
    let mut gone = unit(SANITATION, "HWC", "环卫处", org::UnitKind::Department);
    if let org::Change::Set(org::Document::Unit(unit)) = &mut gone.change {
        unit.valid.valid_to = Some("2026-03-01".parse().unwrap());
    }
    let first = key(town.world.city, 101, 0, 0);
    elsewhere(&town, vec![row(14, "E01", first, URBAN, vec![]), gone]).await;
    let body = json!({ "unit_id": SANITATION, "note": "由环卫处理" });
    let refused = town.act("许", &case, "dispatch", body).await;
    refused.expect_problem(422, "cases/unit-unknown").expect_pointers(&["/unit_id"]);
}

/// Where the border between the first two cells lies, in degrees east of the city's western edge.
fn border_at(city: CityId, east: f64) -> Vec<Edit> {
    let cell = |id: i64, c: i64, west: f64, width: f64| -> Edit {
        Cell {
            id: kernel::id::CellId(id),
            key: key(city, 101, 201, c),
            name: format!("第{id}网格"),
            polygon: Some(square(west, 31.0, width, 0.01)),
            persons: vec![],
            supporting_unit: None,
            linked_leader: None,
            valid: Dates::ALWAYS,
        }
        .into()
    };
    vec![cell(1, 1, 120.0, east), cell(2, 2, 120.0 + east, 0.04 - east)]
}

async fn a_report_lies_in_the_grid_as_it_stands(world: World) {
    let town = Town::open(world).await;
    elsewhere(&town, border_at(town.world.city, 0.002)).await;
    let told = town.report("边界刚改", &[]).await;
    assert_eq!(told["cell_name"], "第2网格");
    let page = town.get("李", &format!("/api/v1/cases/{}", told["case_id"].as_str().unwrap())).await;
    assert_eq!(page.at("/area_code"), json!(key(town.world.city, 101, 201, 2).code()));
    elsewhere(&town, border_at(town.world.city, 0.02)).await;
    let body = json!({
        "source": "hotline", "class_code": "E0110", "place": here(), "description": "也在那里",
    });
    let told = town.post("吴", "/api/v1/cases", body).await.expect(201);
    assert_eq!(told.at("/cell/name"), "第1网格");
    assert_eq!(town.verify().await, Vec::<String>::new());
}
