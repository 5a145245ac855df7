//! The unit that a report gets is the one that an independent reading of map and list gives: 200 random points, 50 of
//! them within five metres of a border.

use kernel::chance::{Chance, SeededChance};
use serde_json::json;

use crate::api::Api;
use crate::ground::{Ground, Point, Where, metres};
use crate::list::List;
use crate::town::town;

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(NO_TABLES, only sqlite: cell_and_unit_are_what_map_and_list_say);

const ANYWHERE: usize = 150;
const AT_BORDERS: usize = 50;
/// And some in the planted hole of the grid, which 150 points in 987 km² would miss.
const IN_HOLE: usize = 6;

async fn cell_and_unit_are_what_map_and_list_say(world: testkit::World) {
    let place = town(&world);
    let served = place.serve();
    let (nobody, office) = (Api::nobody(&served.base), Api::of(&served.base, "wenmingban").await);
    let ground = Ground::read(&nobody).await;
    let mut list = List::read(&office).await;
    let kinds = nobody.get("/api/v1/public/city").await["kinds"].clone();
    let kinds: Vec<String> = kinds
        .as_array()
        .expect("kinds")
        .iter()
        .map(|kind| kind["class_code"].as_str().unwrap().to_owned())
        .collect();
    let chance = SeededChance::new(200);
    let mut points = anywhere(&ground, &chance);
    points.extend(at_borders(&ground, &chance));
    points.extend(in_hole(&office, &ground).await);
    let mut holes = 0;
    for (number, point) in points.into_iter().enumerate() {
        let expected = ground.find(point).expect("a point that lies clearly");
        let class = &kinds[chance.below(kinds.len() as u64) as usize];
        let crs = ["wgs84", "cgcs2000"][number % 2];
        let report = json!({
            "class_code": class,
            "place": { "lng": point.0, "lat": point.1, "crs": crs },
            "description": format!("随机地点{number}"),
        });
        let before = minute_now();
        let (status, sent) = nobody.ask("POST", "/api/v1/public/reports", Some(report)).await;
        assert_eq!(status, 201, "{point:?}: {sent}");
        let case = office.get(&format!("/api/v1/cases/{}", sent["case_id"].as_str().unwrap())).await;
        let proposal =
            office.get(&format!("/api/v1/cases/{}/proposal", sent["case_id"].as_str().unwrap())).await;
        let area = match &expected {
            Where::Cell(id, code) => {
                assert_eq!(case["cell"]["id"], id.as_str(), "{point:?}");
                assert_eq!(case["cell"]["name"], sent["cell_name"], "{point:?}");
                code
            }
            Where::Hole(town) => {
                holes += 1;
                assert!(case["cell"].is_null() && sent["cell_name"].is_null(), "{point:?}: {case}");
                town
            }
        };
        assert_eq!(case["area_code"], area.as_str(), "{point:?}");
        // A window of the list may open or close between the two questions.
        let units = [before, minute_now()].map(|minute| list.accountable(class, area, minute));
        let name = sent["unit"]["name"].as_str().unwrap_or_default();
        assert!(units.iter().any(|unit| unit.name == name), "{class} at {point:?}: {name}, not {units:?}");
        let id = proposal["unit"]["id"].as_str().unwrap_or_default();
        assert!(units.iter().any(|unit| unit.id == id), "{class} at {point:?}: {proposal}, not {units:?}");
    }
    assert_eq!(holes, IN_HOLE);
    drop(served);
    let verified = place.verify();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// Minutes since midnight in China.
fn minute_now() -> u32 {
    use kernel::time::{Clock, MINUTE_MS, SystemClock};
    (SystemClock.now().ms_of_day() / MINUTE_MS) as u32
}

fn unit_f64(chance: &SeededChance) -> f64 {
    chance.below(1 << 53) as f64 / (1_u64 << 53) as f64
}

fn anywhere(ground: &Ground, chance: &SeededChance) -> Vec<Point> {
    let (low, high) = ground.bounds();
    let draw = || (low.0 + unit_f64(chance) * (high.0 - low.0), low.1 + unit_f64(chance) * (high.1 - low.1));
    std::iter::repeat_with(draw).filter(|point| ground.in_city(*point)).take(ANYWHERE).collect()
}

/// Beside some edge of some cell, on either side of it.
fn at_borders(ground: &Ground, chance: &SeededChance) -> Vec<Point> {
    let mut points = Vec::new();
    while points.len() < AT_BORDERS {
        let cell = &ground.cells[chance.below(ground.cells.len() as u64) as usize];
        let edges: Vec<&[Point]> = cell.rings().flat_map(|ring| ring.windows(2)).collect();
        let edge = edges[chance.below(edges.len() as u64) as usize];
        let ((ax, ay), (bx, by)) = (edge[0], edge[1]);
        let (east, north) = metres(ay);
        let (dx, dy) = ((bx - ax) * east, (by - ay) * north);
        let length = dx.hypot(dy);
        if length < 1.0 {
            continue;
        }
        let (along, aside) = (unit_f64(chance), (unit_f64(chance) - 0.5) * 9.8);
        let point = (
            ax + along * (bx - ax) - aside * dy / length / east,
            ay + along * (by - ay) + aside * dx / length / north,
        );
        if ground.in_city(point) && matches!(ground.find(point), Some(Where::Cell(..))) {
            assert!(cell.border_m(point) < 5.0, "{point:?}: {} m", cell.border_m(point));
            points.push(point);
        }
    }
    points
}

/// Around the middle of the hole that the page of findings shows.
async fn in_hole(office: &Api, ground: &Ground) -> Vec<Point> {
    let findings = office.get("/api/v1/org/matrix/findings").await;
    let mut items = findings["items"].as_array().expect("items").iter();
    let hole = items.find(|item| item["kind"] == "grid_hole").expect("the planted hole");
    let middle = (hole["point"]["lng"].as_f64().unwrap(), hole["point"]["lat"].as_f64().unwrap());
    let (east, north) = metres(middle.1);
    let points = (0..IN_HOLE).map(|number| {
        let turn = number as f64;
        (middle.0 + 90.0 * turn.cos() / east, middle.1 + 90.0 * turn.sin() / north)
    });
    points.filter(|point| matches!(ground.find(*point), Some(Where::Hole(_)))).collect()
}
