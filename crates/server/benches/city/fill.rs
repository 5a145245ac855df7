//! Many cases in all states, by the real acts under a moving clock: a year of reports by inspectors. Of the last weeks'
//! most are still at some desk; of those before, one in a hundred, spread over the year. Not durable, because only the
//! rows matter here.

use std::sync::Arc;
use std::time::Instant;

use cases::model::Source;
use cases::{Cases, NewReport, On, Spot, Words};
use kernel::area::AreaKey;
use kernel::chance::{Chance, SeededChance};
use kernel::class::ClassCode;
use kernel::id::UserId;
use kernel::rights::{Grant, Role};
use kernel::time::{DAY_MS, FixedClock, MINUTE_MS};
use org::{City, Org};
use platform::Ctx;
use platform::db::{Db, DbOptions};
use platform::journal::Stamp;
use platform::web::Caller;
use sea_orm::ConnectionTrait;
use testkit::Engine;

use crate::place::Place;

/// Cases of one simulated moment, acted on together.
const CROWD: usize = 500;
/// How far back most are still open.
const FRESH_DAYS: i64 = 33;
/// Of a hundred cases, so many stay at a desk: of the fresh ones, and of those before.
const STAY: [u64; 2] = [90, 1];
/// Which share of those that stay waits for filing, filing or dispatch, and these or the unit; the rest for a check.
const DESKS: [u64; 3] = [27, 45, 82];
const CLASSES: [&str; 8] = ["E0110", "E0112", "E0120", "E0135", "E0136", "E0410", "E0498", "E0201"];

pub(crate) async fn fill(place: &Place, cases: usize) {
    let began = Instant::now();
    let (mut ctx, _, _) = place.open().await;
    let clock = FixedClock::new(ctx.now());
    let end = ctx.now();
    ctx.db = Db::open(&place.url, &DbOptions { durable: false, ..DbOptions::default() }).await.unwrap();
    ctx.clock = Arc::new(clock.clone());
    let org = Org::new(ctx.clone()).with_classes(Arc::new(cases::ClassPort::new().unwrap()));
    let (catalogue, policies) = cases::catalogue::standard().unwrap();
    let room =
        Cases::with_tables(ctx.clone(), org.clone(), catalogue.without_photos(), policies.without_photos());
    let city = org.city(demo::CITY).await.unwrap();
    let chance = SeededChance::new(5);
    let crowds = cases / CROWD;
    for crowd in 0..crowds {
        let back = (crowds - crowd) as i64 * 365 * DAY_MS / crowds as i64;
        clock.set(end.plus_ms(-back));
        let stay = STAY[usize::from(back > FRESH_DAYS * DAY_MS)];
        let made: Vec<_> =
            (0..CROWD).map(|_| life(&ctx, &room, &city, &clock, (chance.below(u64::MAX), stay))).collect();
        futures_util::future::join_all(made).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{:?}: {cases} cases made by commands in {seconds:.0} s", place.engine);
    if place.engine == Engine::Postgres {
        // A year in some minutes: what the database tidies up by itself in quiet hours has had no time yet, nor what the
        // server does every hour.
        let conn = sea_orm::Database::connect(&place.url).await.unwrap();
        conn.execute_unprepared("VACUUM ANALYZE").await.unwrap();
        conn.close().await.unwrap();
        let began = Instant::now();
        let rebuilt = ctx.db.rebuild_hollow_indexes().await.unwrap();
        let seconds = began.elapsed().as_secs_f64();
        println!("{:?}: written anew in {seconds:.1} s: {}", place.engine, rebuilt.join(", "));
    }
    ctx.db.close().await.unwrap();
}

/// One case, as far as its draw takes it: of a hundred, `stay` stay somewhere on the way.
async fn life(ctx: &Ctx, room: &Cases, city: &City, clock: &FixedClock, (draw, stay): (u64, u64)) {
    let leaves = city.leaves();
    let area = leaves[draw as usize % leaves.len()];
    let class: ClassCode = CLASSES[(draw >> 16) as usize % CLASSES.len()].parse().unwrap();
    let inspector = person(1, Role::Inspector, None);
    let stamp = Stamp { at: ctx.now(), actor: inspector.actor() };
    let by = cases::by_staff(&inspector);
    let done = room.report(demo::CITY, by, stamp, report(area, class, draw), None).await.unwrap();
    let centre = person(2, Role::Acceptor, None);
    let on = |caller: &Caller, seen| {
        let caller = &*Box::leak(Box::new(caller.clone()));
        On { caller, case: done.case, seen, once: None }
    };
    let stays = (draw >> 32) % 100 < stay;
    let desk = (draw >> 40) % 100;
    if stays && desk < DESKS[0] {
        return;
    }
    let standard = room.tables().standards_of(class, ctx.now()).next().unwrap().id.clone();
    room.file(on(&centre, 1), standard).await.unwrap();
    if stays && desk < DESKS[1] {
        return;
    }
    let unit = city.resolve(area, class, ctx.now()).unwrap().unit;
    room.dispatch(on(&person(3, Role::Dispatcher, None), 2), unit, &Words(None)).await.unwrap();
    if stays && desk < DESKS[2] {
        return;
    }
    clock.set(ctx.now().plus_ms(MINUTE_MS / 100));
    room.handle(on(&person(4, Role::Handler, Some(unit)), 3), &Words(Some("已清理".to_owned())), &[])
        .await
        .unwrap();
    if stays {
        return;
    }
    room.check(on(&person(5, Role::Checker, None), 4), true, &Words(None), &[]).await.unwrap();
    room.close(on(&centre, 5), &Words(None)).await.unwrap();
}

fn report(area: AreaKey, class: ClassCode, draw: u64) -> NewReport {
    NewReport {
        source: Source::Inspector,
        class,
        place: Spot::Area(area),
        device_at: None,
        description: Some(format!("路边有垃圾堆放，编号{draw}")),
        address: Some("测试路".to_owned()),
        name: None,
        phone: None,
        photos: Vec::new(),
    }
}

fn person(user: i64, role: Role, unit: Option<kernel::id::UnitId>) -> Caller {
    let city: AreaKey = "320281".parse().unwrap();
    let name = format!("测试{user}");
    let grants = vec![Grant { role, area: city.range(), unit }];
    Caller { city: demo::CITY, user: UserId(user), login: name.clone(), name, unit, grants, past: Vec::new() }
}
