//! A deadline that rests on a year whose holidays nobody entered says so wherever it is told, and follows when they come.

use std::time::Duration;

use kernel::calendar::{DayKind, holidays};
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS, Time};
use org::{CompleteYear, Day, Edit, Org};
use platform::journal::Actor;
use platform::timers::Timers;
use serde_json::{Value, json};
use testkit::World;

use super::SETS;
use super::city::{Town, here};

testkit::stories!(SETS:
    a_deadline_in_an_unknown_year_is_marked_everywhere,
    deadlines_follow_when_the_year_comes,
    a_corrected_year_moves_what_runs_and_nothing_else,
    who_is_stopped_in_the_middle_begins_again,
);

fn moment(text: &str) -> Time {
    let (day, clock) = text.split_once(' ').unwrap();
    let (hour, minute) = clock.split_once(':').unwrap();
    let minutes = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
    Time::start_of(day.parse().unwrap()).plus_ms(minutes * MINUTE_MS)
}

/// A town on the last afternoon of 2026, a Thursday; nobody has entered 2027.
async fn new_years_eve(world: World) -> Town {
    let now = world.ctx.now();
    world.clock.advance_ms(moment("2026-12-31 15:00").0 - now.0);
    Town::open(world).await
}

fn day(date: &str, kind: DayKind, name: &str) -> Edit {
    Day { date: date.parse().unwrap(), kind, name: name.to_owned() }.into()
}

/// Somebody, on another server, enters the first days of 2027 and says that the year is complete.
async fn enter_2027(town: &Town) {
    let mut edits: Vec<Edit> = holidays()
        .into_iter()
        .map(|(date, kind, name)| Day { date, kind, name: name.to_owned() }.into())
        .collect();
    for date in ["2027-01-01", "2027-01-02", "2027-01-03"] {
        edits.push(day(date, DayKind::Holiday, "元旦"));
    }
    edits.push(CompleteYear { year: 2027 }.into());
    elsewhere(town, edits).await;
}

async fn elsewhere(town: &Town, edits: Vec<Edit>) {
    let other = Org::new(town.world.ctx.clone());
    other.edit(town.world.city, Actor::System("test"), edits).await.unwrap();
    // A server looks every five seconds whether another one changed the city.
    town.world.clock.advance_ms(6_000);
}

async fn recount(town: &Town) -> usize {
    town.cases.recount(town.world.city).await.unwrap()
}

fn due(text: &str) -> Value {
    json!(moment(text).0)
}

async fn a_deadline_in_an_unknown_year_is_marked_everywhere(world: World) {
    let town = new_years_eve(world).await;
    let asked = json!({ "place": here(), "class_code": "E0110" });
    let located = town.tell("/api/v1/public/locate", asked.clone()).await.expect(200);
    assert_eq!(located.at("/unknown_year"), 2027);
    let told = town.report("门口一堆垃圾", &[]).await;
    assert_eq!(told["unknown_year"], 2027);
    let (case, code) = (told["case_id"].as_str().unwrap(), told["receipt_code"].as_str().unwrap().to_owned());
    let receipt = format!("/api/v1/public/receipts/{code}");
    assert_eq!(town.look(&receipt).await.expect(200).at("/unknown_year"), 2027);
    let page = format!("/api/v1/cases/{case}");
    // Its intake clock counts minutes and stands; the unit's will not.
    let seen = town.get("李", &page).await.expect(200);
    assert_eq!((seen.at("/unknown_year"), seen.at("/clock/unknown_year")), (Value::Null, Value::Null));
    town.act("陈", case, "pre-verify", json!({ "found": true })).await.expect(200);
    town.act("吴", case, "file", json!({ "standard_id": "E0110-1" })).await.expect(200);
    let proposal = town.get("许", &format!("{page}/proposal")).await.expect(200);
    assert_eq!(
        (proposal.at("/due_at"), proposal.at("/unknown_year")),
        (due("2027-01-01 09:00"), json!(2027))
    );
    let unit = proposal.at("/unit/id");
    let done = town.act("许", case, "dispatch", json!({ "unit_id": unit })).await.expect(200);
    assert_eq!((done.at("/due_at"), done.at("/unknown_year")), (due("2027-01-01 09:00"), json!(2027)));
    assert_eq!(done.at("/clock/unknown_year"), 2027);
    let list = town.get("郑", "/api/v1/cases?mine=true").await.expect(200);
    assert_eq!(
        (list.at("/items/0/unknown_year"), list.at("/items/0/clock/unknown_year")),
        (json!(2027), json!(2027))
    );
    assert_eq!(town.get("李", "/api/v1/board").await.expect(200).at("/latest/0/unknown_year"), 2027);
    assert_eq!(town.look(&receipt).await.expect(200).at("/unknown_year"), 2027);
    enter_2027(&town).await;
    assert_eq!(recount(&town).await, 1);
    for path in [page, receipt] {
        let seen = town.get("李", &path).await.expect(200);
        assert_eq!(
            (seen.at("/unknown_year"), seen.at("/due_at")),
            (Value::Null, due("2027-01-04 09:00")),
            "{path}"
        );
    }
    assert_eq!(town.tell("/api/v1/public/locate", asked).await.expect(200).at("/unknown_year"), Value::Null);
}

async fn deadlines_follow_when_the_year_comes(world: World) {
    let mut town = new_years_eve(world).await;
    assert_eq!(recount(&town).await, 0, "nothing to count yet");
    let (with_unit, code) = town.dispatched(&[]).await;
    let (awaits_check, _) = town.handled(3).await;
    let (closed, _) = town.closed(4).await;
    enter_2027(&town).await;
    assert_eq!(recount(&town).await, 2);
    assert_eq!(recount(&town).await, 0, "once");
    let page = town.get("李", &format!("/api/v1/cases/{with_unit}")).await.expect(200);
    let last = page.at("/timeline").as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["title"]), (&json!("recounted"), &json!("期限重新计算：处置时限")));
    assert_eq!(last["facts"][0], json!({ "name": "原截止", "value": "2027-01-01 09:00" }));
    assert_eq!(last["facts"][1], json!({ "name": "现截止", "value": "2027-01-04 09:00" }));
    assert_eq!((&last["facts"][3]["name"], &last["actor"]), (&json!("原因"), &json!("系统")));
    assert_eq!(page.at("/chain/ok"), true);
    let told = town.look(&format!("/api/v1/public/receipts/{code}")).await.expect(200);
    let step = told.at("/steps").as_array().unwrap().last().unwrap().clone();
    assert_eq!(step["kind"], "recounted");
    assert!(step["note"].as_str().unwrap().starts_with("2027-01-01 09:00 → 2027-01-04 09:00"));
    // Lists go by the new deadline, counts agree, and nothing is overdue on the holiday.
    for (query, expected) in [("due_on=2027-01-01", 0), ("due_on=2027-01-04", 1)] {
        let list = town.get("李", &format!("/api/v1/cases?{query}")).await.expect(200);
        assert_eq!(list.at("/items").as_array().unwrap().len(), expected, "{query}");
        let counts = town.get("李", &format!("/api/v1/cases/counts?{query}")).await.expect(200);
        assert_eq!(counts.at("/total"), expected, "{query}");
    }
    let timers = Timers::new(town.world.ctx.clone(), cases::timers(&town.cases));
    let now = town.world.ctx.now();
    town.world.clock.advance_ms(moment("2027-01-02 10:00").0 - now.0);
    timers.run_due(town.world.ctx.now()).await.unwrap();
    town.sign_in().await;
    let page = town.get("李", &format!("/api/v1/cases/{with_unit}")).await.expect(200);
    assert_eq!(page.at("/clock/overdue"), false);
    // The old timer went with the old deadline, the new one goes off.
    town.world.clock.advance_ms(3 * DAY_MS);
    timers.run_due(town.world.ctx.now()).await.unwrap();
    town.sign_in().await;
    let page = town.get("李", &format!("/api/v1/cases/{with_unit}")).await.expect(200);
    let last = page.at("/timeline").as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["facts"][0]["value"]), (&json!("overran"), &json!("2027-01-04 09:00")));
    // Work that awaited its check is sent back with the deadline as it is now.
    let sent_back =
        town.act("周", &awaits_check, "check", json!({ "passed": false, "note": "没清干净" })).await;
    assert_eq!(sent_back.expect(200).at("/due_at"), due("2027-01-04 09:00"));
    let page = town.get("李", &format!("/api/v1/cases/{closed}")).await.expect(200);
    assert_eq!(page.at("/due_at"), due("2027-01-01 09:00"), "what is closed was judged");
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn a_corrected_year_moves_what_runs_and_nothing_else(world: World) {
    let mut town = new_years_eve(world).await;
    let (late, _) = town.dispatched(&[]).await;
    let now = town.world.ctx.now();
    town.world.clock.advance_ms(moment("2027-01-01 10:00").0 - now.0);
    town.sign_in().await;
    // The first has run out at nine, though no timer has said so yet; the second has until three o'clock.
    let (running, _) = town.dispatched(&[]).await;
    enter_2027(&town).await;
    assert_eq!(recount(&town).await, 1);
    let due_of = async |town: &Town, case: &str| {
        town.get("李", &format!("/api/v1/cases/{case}")).await.expect(200).at("/due_at")
    };
    assert_eq!(due_of(&town, &late).await, due("2027-01-01 09:00"));
    let moved = due_of(&town, &running).await;
    assert_eq!(moved, due("2027-01-04 12:00"));
    // The Monday becomes a holiday as well: it is counted again, from where it began.
    elsewhere(&town, vec![day("2027-01-04", DayKind::Holiday, "元旦")]).await;
    assert_eq!(recount(&town).await, 1);
    assert_eq!(due_of(&town, &running).await, due("2027-01-05 12:00"));
    // Other working hours count too.
    let mut edits = town.profile().await;
    edits.hours = vec![(9 * 60, 21 * 60)];
    elsewhere(&town, vec![edits.into()]).await;
    assert_eq!(recount(&town).await, 1);
    assert_eq!(due_of(&town, &running).await, due("2027-01-05 13:00"));
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn who_is_stopped_in_the_middle_begins_again(world: World) {
    let town = new_years_eve(world).await;
    let mut cases = Vec::new();
    for _ in 0..6 {
        cases.push(town.dispatched(&[]).await.0);
    }
    enter_2027(&town).await;
    // Given up at some point, as by a kill; then two servers at once.
    let _ = tokio::time::timeout(Duration::from_millis(3), town.cases.recount(town.world.city)).await;
    let ctx = town.world.second_server().await;
    let other = cases::Cases::new(ctx.clone(), Org::new(ctx)).unwrap();
    let (one, two) = tokio::join!(town.cases.recount(town.world.city), other.recount(town.world.city));
    assert!(one.unwrap() + two.unwrap() <= 6);
    for case in &cases {
        let page = town.get("李", &format!("/api/v1/cases/{case}")).await.expect(200);
        assert_eq!(page.at("/due_at"), due("2027-01-04 09:00"));
        let steps = page.at("/timeline").as_array().unwrap().clone();
        assert_eq!(steps.iter().filter(|step| step["kind"] == "recounted").count(), 1, "once");
    }
    town.world.clock.advance_ms(HOUR_MS);
    assert_eq!(town.verify().await, Vec::<String>::new());
}
