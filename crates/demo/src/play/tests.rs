//! What the play plans, and what the desks find, without playing half a year.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use kernel::time::{DAY_MS, Date, HOUR_MS, MINUTE_MS, Time};
use platform::db::migrate::Migrations;
use sea_orm::{ConnectionTrait, Statement};
use testkit::World;

use super::*;
use crate::cast::Cast;
use crate::create::demo_ctx;
use crate::geography::geography;
use crate::people;
use crate::plan::Scale;

const SETS: &[Migrations] = &[platform::db::migrate::MIGRATIONS, org::MIGRATIONS, cases::MIGRATIONS];

testkit::stories!(SETS, only sqlite: the_county_is_planned_as_the_document_says, every_desk_has_work_due_on_the_day);

const SEED: u64 = 20_230_717;

fn ground() -> &'static Geography {
    static GROUND: OnceLock<Geography> = OnceLock::new();
    GROUND.get_or_init(|| geography(SEED).unwrap())
}

/// A day and a minute of it.
fn moment(day: (i16, i8, i8), hour: i64, minute: i64) -> Time {
    let (year, month, day) = day;
    Time::start_of(Date::constant(year, month, day)).plus_ms(hour * HOUR_MS + minute * MINUTE_MS)
}

async fn stage<'a>(ctx: &Ctx, plan: &'a Plan, peopled: bool) -> Play<'a> {
    let (ctx, clock) = demo_ctx(ctx, plan);
    let classes = Arc::new(cases::ClassPort::new().unwrap());
    let org = Org::new(ctx.clone()).with_classes(classes).alone();
    let staff = if peopled {
        people::settle(&ctx, &org, ground(), &Cast::new(ground()), plan).await.unwrap()
    } else {
        Staff::default()
    };
    Play::new(ctx, clock, org, plan, ground(), staff).unwrap()
}

/// Weekday noon, Saturday, the Spring Festival, the first minutes of a day.
const ENDS: [((i16, i8, i8), i64, i64); 4] =
    [((2026, 6, 30), 15, 40), ((2026, 11, 28), 10, 0), ((2026, 2, 20), 9, 30), ((2026, 9, 1), 0, 5)];

async fn the_county_is_planned_as_the_document_says(world: World) {
    for (day, hour, minute) in ENDS {
        let plan = Plan { scale: Scale::County, seed: SEED, end: moment(day, hour, minute) };
        let mut play = stage(&world.ctx, &plan, false).await;
        play.schedule();
        play.plant();
        play.desks();
        play.spare();
        let parts: Vec<&Part> =
            play.parts.iter().filter(|part| part.at > plan.begin() && part.at < plan.end).collect();
        assert!((4_900..=5_300).contains(&parts.len()), "{day:?}: {} cases", parts.len());
        let pictured = || parts.iter().filter(|part| part.at >= play.photos_from);
        let pictures: usize = pictured().map(|part| part.pictures_most()).sum();
        assert!((1_000..=PICTURES_MOST).contains(&pictures), "{day:?}: {pictures} pictures");
        for most in [0, 50, 500] {
            let from = budget::photos_from(&play.parts, plan.photos_from(), most);
            let taken: usize = play.parts.iter().filter(|p| p.at >= from).map(Part::pictures_most).sum();
            assert!(taken <= most && taken + 5 > most, "{day:?}: {taken} of {most}");
        }
        let recent = |part: &&&Part| part.story.is_some() && part.at > plan.end.plus_ms(-9 * DAY_MS);
        assert!(
            parts.iter().filter(recent).all(|part| part.at >= play.photos_from),
            "{day:?}: stories show photos"
        );
        let older = |part: &&&Part| part.at < play.photos_from && part.story.is_none();
        assert!(parts.iter().filter(older).count() > 2_000, "{day:?}");
        assert!(
            parts.iter().filter(older).all(|part| part.fate.hold.is_none()),
            "{day:?}: what waits at a desk can be looked at"
        );
        channels(&parts);
        weekdays(&parts);
        trends(&parts, &plan);
    }
}

/// 58 % residents, 26 % inspectors, 16 % hotline, the rain and the stories of residents apart.
fn channels(parts: &[&Part]) {
    let share =
        |channel| parts.iter().filter(|part| part.channel == channel).count() as f64 / parts.len() as f64;
    let rows = [(Channel::Resident, 0.58), (Channel::Inspector, 0.26), (Channel::Hotline, 0.16)];
    for (channel, expected) in rows {
        assert!((share(channel) - expected).abs() < 0.03, "{channel:?}: {}", share(channel));
    }
}

/// Fewer at weekends.
fn weekdays(parts: &[&Part]) {
    let mut per_day: BTreeMap<bool, f64> = BTreeMap::new();
    for part in parts {
        let weekend = part.at.date().weekday().to_monday_zero_offset() >= 5;
        *per_day.entry(weekend).or_default() += if weekend { 0.5 } else { 0.2 };
    }
    assert!(per_day[&true] < per_day[&false] * 0.85, "{per_day:?}");
}

/// 华士镇 mends itself, 徐霞客镇 slides.
fn trends(parts: &[&Part], plan: &Plan) {
    let late = |town: &str, from: i64, to: i64| {
        let days = plan.begin().plus_ms(from * DAY_MS)..plan.begin().plus_ms(to * DAY_MS);
        let of_town = parts.iter().filter(|part| part.town_code == town && days.contains(&part.at));
        let paces: Vec<f64> = of_town.map(|part| part.fate.pace).collect();
        assert!(paces.len() > 50, "{town}: {}", paces.len());
        paces.iter().filter(|pace| **pace > 1.0).count() as f64 / paces.len() as f64
    };
    assert!(late("320281107", 0, 60) > late("320281107", 122, 182) + 0.1);
    assert!(late("320281104", 0, 60) + 0.1 < late("320281104", 122, 182));
}

/// When a demo may be made: small hours, morning, the last minutes of a day, a Saturday, holidays.
const HOURS: [((i16, i8, i8), i64, i64); 6] = [
    ((2026, 2, 23), 7, 30),
    ((2026, 3, 11), 0, 5),
    ((2026, 3, 11), 9, 0),
    ((2026, 3, 13), 23, 58),
    ((2026, 3, 14), 15, 40),
    ((2026, 10, 5), 23, 30),
];

/// Where cases wait.
const DESKS: [&str; 6] =
    ["pending_pre_verify", "pending_file", "pending_dispatch", "handling", "pending_check", "pending_close"];

/// Only the planted cases are played; the crowd of the others changes nothing about them.
async fn every_desk_has_work_due_on_the_day(world: World) {
    for (day, hour, minute) in HOURS {
        let plan = Plan { scale: Scale::Town, seed: SEED, end: moment(day, hour, minute) };
        let ctx = world.ctx_on(&world.own_database()).await;
        let mut play = stage(&ctx, &plan, true).await;
        play.plant();
        play.desks();
        play.spare();
        let planned: usize = play.parts.iter().map(Part::pictures_most).sum();
        let made = perform(play, &|_| ()).await.unwrap();
        assert!((1..=planned).contains(&made.pictures), "{} of {planned}", made.pictures);
        let when = format!("{day:?} {hour}:{minute}");
        let dues = dues(&ctx).await;
        for desk in DESKS {
            let due: &[Time] = dues.get(desk).map_or(&[], Vec::as_slice);
            let left = |due: &&Time| (due.0 - plan.end.0) / MINUTE_MS;
            assert!(
                due.iter().any(|due| due.date() == plan.end.date()),
                "{when}: {desk} has nothing due on the day"
            );
            assert!(
                due.iter().any(|due| (0..=75).contains(&left(&due))),
                "{when}: {desk} has nothing due soon"
            );
            assert!(
                due.iter().any(|due| (-30..0).contains(&left(&due))),
                "{when}: {desk} has nothing just late"
            );
            assert!(due.iter().any(|due| left(&due) < -23 * 60), "{when}: {desk} has nothing long overdue");
        }
        let closed = dues.get("closed").map_or(0, Vec::len);
        assert_eq!(closed, 1 + 3 + 1 + 7, "{when}: fake, relapses, lookup and what the desks closed");
        let story = |key: &str| made.stories.iter().find(|story| story.key == key).unwrap().numbers.len();
        assert_eq!(KEYS_AND_CASES.map(|(key, _)| (key, story(key))), KEYS_AND_CASES, "{when}");
    }
}

const KEYS_AND_CASES: [(&str, usize); 7] =
    [("fake", 1), ("tour", 1), ("overdue", 1), ("today", 1), ("relapse", 3), ("desks", 28), ("lookup", 1)];

/// The deadlines of the running clocks, by state.
async fn dues(ctx: &Ctx) -> BTreeMap<String, Vec<Time>> {
    let conn = ctx.db.reader();
    let sql = "SELECT state, due_at FROM cases_case WHERE city_id = 320281";
    let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap();
    let mut dues: BTreeMap<String, Vec<Time>> = BTreeMap::new();
    for row in rows {
        let due: Option<i64> = row.try_get("", "due_at").unwrap();
        dues.entry(row.try_get("", "state").unwrap()).or_default().push(Time(due.unwrap_or_default()));
    }
    dues
}
