//! The twelve findings of docs/demo.md, no more and no less, and one accountable unit for whatever is asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::chance::{Chance, SeededChance};
use kernel::place::Point;
use kernel::time::{DAY_MS, Date, MINUTE_MS, Time};
use platform::Ctx;
use platform::db::{Db, DbOptions};
use platform::secrets::Secrets;

use crate::api::Api;
use crate::binary::Place;
use crate::list::List;
use crate::town::town;

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(NO_TABLES, only sqlite: the_findings_are_the_twelve_of_the_document, whatever_is_asked_has_one_unit);

const DOCUMENT: &str = include_str!("../../../../docs/demo.md");

/// Kind, place, class (empty for every class), the units that contend.
type Finding = (String, String, String, BTreeSet<String>);

async fn the_findings_are_the_twelve_of_the_document(world: testkit::World) {
    let served = town(&world).serve();
    let office = Api::of(&served.base, "wenmingban").await;
    let found = office.get("/api/v1/org/matrix/findings").await;
    let shown: Vec<Finding> = found["items"].as_array().expect("items").iter().map(shown).collect();
    assert_eq!(shown.len(), 12);
    let (shown, told): (BTreeSet<Finding>, BTreeSet<Finding>) = (shown.into_iter().collect(), told());
    assert_eq!(told.len(), 12, "{told:?}");
    assert_eq!(shown, told);
    assert_eq!((found["holes"].as_u64(), found["overlaps"].as_u64()), (Some(7), Some(5)));
    for item in found["items"].as_array().expect("items") {
        assert!(item["backstop_unit"]["name"].is_string(), "somebody answers all the same: {item}");
        assert!(item["point"]["lng"].is_number(), "it opens on the map: {item}");
    }
}

fn shown(item: &serde_json::Value) -> Finding {
    let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let rows = item["rows"].as_array().expect("rows").iter();
    let units = rows.map(|row| row["unit_name"].as_str().unwrap().to_owned());
    (text("kind"), text("area_name"), text("class_code"), units.collect())
}

/// The table of the document: | # | kind | where | class | rows |.
fn told() -> BTreeSet<Finding> {
    let table = DOCUMENT.split("## Twelve findings").nth(1).expect("the chapter");
    let rows = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [_, kind, place, class, rows] = cells[..] else { panic!("{line}") };
        let kind = if kind == "hole in the grid" { "grid_hole" } else { kind };
        let place = match place {
            "the whole city" => "江阴市".to_owned(),
            border => border.trim_start_matches("border of ").replace(" and ", "、"),
        };
        let class = class.split('`').nth(1).unwrap_or_default();
        let units = if kind == "overlap" { rows } else { "" };
        let units = units.split(" and ").filter(|unit| !unit.is_empty()).map(str::to_owned);
        (kind.to_owned(), place, class.to_owned(), units.collect())
    })
    .collect()
}

/// 100,000 random places, classes and moments of four years: one unit that exists, and the one that the list names when
/// it is read by hand.
async fn whatever_is_asked_has_one_unit(world: testkit::World) {
    const ASKED: usize = 100_000;
    let place = town(&world);
    let served = place.serve();
    let mut list = List::read(&Api::of(&served.base, "wenmingban").await).await;
    drop(served);
    let city = city(&world, &place).await;
    let (low, high) = (city.places().bounds().unwrap(), Time::start_of(Date::constant(2023, 1, 1)));
    let [west, south, east, north] = low;
    let classes: Vec<_> = city.classes().iter().map(|class| class.code).collect();
    assert!(classes.len() > 100, "{}", classes.len());
    let chance = SeededChance::new(3);
    let share = || chance.below(1 << 40) as f64 / (1_u64 << 40) as f64;
    let (mut asked, mut outside, mut backstops, mut contested) = (0, 0, 0, 0);
    while asked < ASKED {
        let point = Point::new(west + share() * (east - west), south + share() * (north - south)).unwrap();
        let class = classes[chance.below(classes.len() as u64) as usize];
        let at = high.plus_ms(chance.below((4 * 365 * DAY_MS) as u64) as i64);
        let (located, answer) = match city.resolve_point(point, class, at) {
            Ok(answered) => answered,
            Err(org::OrgError::OutsideCity) => {
                outside += 1;
                continue;
            }
            Err(error) => panic!("{class} at {point:?}: {error}"),
        };
        asked += 1;
        assert!(city.unit(answer.unit).is_some(), "{answer:?}");
        assert_ne!(answer.row.is_some(), answer.backstop, "either a row answers or the backstop: {answer:?}");
        let minute = (at.ms_of_day() / MINUTE_MS) as u32;
        let by_hand = list.accountable(&class.to_string(), &located.area.code(), minute);
        assert_eq!(by_hand.id, answer.unit.to_string(), "{class} in {} at {at:?}", located.area.code());
        backstops += usize::from(answer.backstop);
        contested += usize::from(!answer.contested.is_empty());
    }
    println!("{asked} asked, {backstops} answered by the backstop, {contested} contested, {outside} outside");
    assert!(backstops > 1_000 && contested > 1_000, "holes and overlaps were met: {backstops}, {contested}");
}

/// The city as the server has it in memory, from its own rows.
async fn city(world: &testkit::World, place: &Place) -> Arc<org::City> {
    let url = format!("sqlite://{}", place.data.join("youju.db").display());
    let options = DbOptions { readers: 1, create: false, durable: false, ..DbOptions::default() };
    let ctx = Ctx {
        db: Db::open(&url, &options).await.unwrap(),
        secrets: Secrets::new(&demo::demo_key(), world.ctx.chance.clone()),
        ..world.ctx.clone()
    };
    let classes = Arc::new(cases::ClassPort::new().unwrap());
    org::Org::new(ctx).with_classes(classes).city(demo::CITY).await.unwrap()
}
