//! Reactions: each event once, a failing one set aside, nobody held up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use futures_util::FutureExt;
use kernel::id::CityId;
use platform::Ctx;
use platform::db::{Db, Fault};
use platform::journal::{Entry, Reaction, Reactions, parked_count};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, FromQueryResult, Set, Statement};
use testkit::World;

use crate::SETS;
use crate::ledger::{Move, Open, Stop, account, line, lines};

testkit::stories!(SETS:
    each_event_is_reacted_to_once,
    a_failing_event_is_parked_and_holds_nobody_up,
    a_passing_failure_is_only_late,
    a_parked_event_is_tried_again,
    all_parked_events_are_tried_at_the_start,
    two_servers_react_once,
    only_the_wanted_streams_are_seen,
);

/// What a reaction left behind.
#[derive(FromQueryResult, Debug)]
struct Parked {
    seq: i64,
    tries: i64,
    error: String,
}

async fn parked(db: &Db, city: CityId) -> Vec<Parked> {
    let sql =
        "SELECT seq, tries, error FROM platform_parked WHERE city_id = $1 AND consumer = $2 ORDER BY seq";
    let backend = db.reader().get_database_backend();
    let find = Statement::from_sql_and_values(backend, sql, [city.0.into(), "mirror".into()]);
    Parked::find_by_statement(find).all(db.reader()).await.unwrap()
}

async fn cursor(db: &Db, city: CityId) -> Option<i64> {
    let sql = "SELECT seq FROM platform_cursor WHERE city_id = $1 AND consumer = $2";
    let backend = db.reader().get_database_backend();
    let find = Statement::from_sql_and_values(backend, sql, [city.0.into(), "mirror".into()]);
    let row = db.reader().query_one_raw(find).await.unwrap();
    row.map(|row| row.try_get_by_index(0).unwrap())
}

/// Adds one to the balance of the account (sent at once) and notes a line named by the seq, then asks `then`.
fn mirror(ctx: &Ctx, then: impl Fn(&Entry) -> Result<(), Fault> + Send + Sync + 'static) -> Reactions {
    let then = Arc::new(then);
    let act = Reaction {
        name: "mirror",
        streams: &["account"],
        act: Arc::new(move |tx, entry| {
            let then = then.clone();
            async move {
                let once = account::Entity::update_many()
                    .col_expr(account::Column::Balance, Expr::cust("balance + 1"))
                    .filter(account::Column::CityId.eq(entry.city_id))
                    .filter(account::Column::Id.eq(entry.stream_id));
                tx.update(once).await?;
                tx.insert(line::ActiveModel {
                    city_id: Set(entry.city_id),
                    id: Set(entry.seq),
                    account_id: Set(entry.stream_id),
                    amount: Set(1),
                    note: Set(None),
                });
                then(entry)
            }
            .boxed()
        }),
    };
    Reactions::new(ctx.db.clone(), ctx.clock.clone(), vec![act])
}

/// Seqs that were mirrored, and the sum of the balances: both count each event once if all is well.
async fn mirrored(db: &Db, city: CityId) -> (Vec<i64>, i64) {
    let seqs = lines(db.reader(), city).await.into_iter().map(|line| line.id).collect();
    let balances = crate::ledger::accounts(db.reader(), city).await.into_iter().map(|row| row.balance).sum();
    (seqs, balances)
}

async fn open(db: &Db, city: CityId, ids: std::ops::RangeInclusive<i64>) {
    for id in ids {
        db.write(Open::new(city, id)).await.unwrap();
    }
}

async fn each_event_is_reacted_to_once(world: World) {
    let (db, city) = (world.db(), world.city);
    let reactions = mirror(&world.ctx, |_entry| Ok(()));
    assert_eq!(reactions.catch_up(city).await.unwrap(), 0);
    open(db, city, 1..=230).await;
    assert_eq!(reactions.catch_up(city).await.unwrap(), 230);
    assert_eq!(reactions.catch_up(city).await.unwrap(), 0);
    open(db, city, 231..=235).await;
    assert_eq!(reactions.catch_up(city).await.unwrap(), 5);
    assert_eq!(mirrored(db, city).await, ((1..=235).collect(), 235));
    assert_eq!(cursor(db, city).await, Some(235));
    assert!(parked(db, city).await.is_empty());
}

/// One event fails, another panics, every time: tried three times each, put aside with what was said, and nothing of
/// theirs is stored. All others are handled.
async fn a_failing_event_is_parked_and_holds_nobody_up(world: World) {
    let (db, city) = (world.db(), world.city);
    open(db, city, 1..=120).await;
    let tries = Arc::new(AtomicU32::new(0));
    let counted = tries.clone();
    let reactions = mirror(&world.ctx, move |entry| match entry.seq {
        7 => {
            counted.fetch_add(1, Ordering::SeqCst);
            Err(Fault::Unreadable("on purpose".into()))
        }
        9 => std::panic::resume_unwind(Box::new("on purpose")),
        _good => Ok(()),
    });
    assert_eq!(reactions.catch_up(city).await.unwrap(), 120);
    let stored: Vec<i64> = (1..=120).filter(|seq| ![7, 9].contains(seq)).collect();
    assert_eq!(mirrored(db, city).await, (stored, 118));
    assert_eq!(cursor(db, city).await, Some(120));
    let aside = parked(db, city).await;
    assert_eq!(aside.iter().map(|row| (row.seq, row.tries)).collect::<Vec<_>>(), [(7, 3), (9, 3)]);
    assert!(aside.iter().all(|row| row.error.contains("on purpose")), "{aside:?}");
    // Three tries of its own; in the lane a failing command runs once in its batch and once alone.
    assert!(tries.load(Ordering::SeqCst) >= 3);
    assert_eq!(reactions.catch_up(city).await.unwrap(), 0);
}

/// An event that fails for a moment is handled a moment later and not put aside.
async fn a_passing_failure_is_only_late(world: World) {
    let (db, city) = (world.db(), world.city);
    open(db, city, 1..=5).await;
    let ill = Arc::new(AtomicU32::new(4));
    let reactions = mirror(&world.ctx, move |entry| {
        let still = entry.seq == 3 && ill.load(Ordering::SeqCst) > 0;
        if still {
            ill.fetch_sub(1, Ordering::SeqCst);
            return Err(Fault::LostRace);
        }
        Ok(())
    });
    reactions.catch_up(city).await.unwrap();
    assert_eq!(mirrored(db, city).await, ((1..=5).collect(), 5));
    assert!(parked(db, city).await.is_empty());
}

/// A reaction that fails on the third event while it is ill.
fn while_ill(world: &World) -> (Reactions, Arc<AtomicBool>) {
    let ill = Arc::new(AtomicBool::new(true));
    let still = ill.clone();
    let reactions = mirror(&world.ctx, move |entry| {
        if entry.seq == 3 && still.load(Ordering::SeqCst) { Err(Fault::LostRace) } else { Ok(()) }
    });
    (reactions, ill)
}

/// What was put aside is tried again: after a minute, then after five, until it is done.
async fn a_parked_event_is_tried_again(world: World) {
    let (db, city) = (world.db(), world.city);
    open(db, city, 1..=5).await;
    let (reactions, ill) = while_ill(&world);
    reactions.catch_up(city).await.unwrap();
    let tries = async || parked(db, city).await.iter().map(|row| (row.seq, row.tries)).collect::<Vec<_>>();
    assert_eq!(tries().await, [(3, 3)]);
    assert_eq!(parked_count(db.reader(), city).await.unwrap(), 1);
    world.clock.advance_ms(59_000);
    assert_eq!(reactions.retry(city, false).await.unwrap(), 0);
    assert_eq!(tries().await, [(3, 3)], "not yet");
    world.clock.advance_ms(1_000);
    assert_eq!(reactions.retry(city, false).await.unwrap(), 0);
    assert_eq!(tries().await, [(3, 4)], "tried, and still ill");
    ill.store(false, Ordering::SeqCst);
    world.clock.advance_ms(4 * 60_000);
    assert_eq!(reactions.retry(city, false).await.unwrap(), 0, "it rests longer each time");
    world.clock.advance_ms(60_000);
    assert_eq!(reactions.retry(city, false).await.unwrap(), 1);
    assert_eq!(reactions.retry(city, true).await.unwrap(), 0);
    assert_eq!(mirrored(db, city).await, ((1..=5).collect(), 5));
    assert_eq!(parked_count(db.reader(), city).await.unwrap(), 0);
}

async fn all_parked_events_are_tried_at_the_start(world: World) {
    let (db, city) = (world.db(), world.city);
    open(db, city, 1..=5).await;
    let (reactions, ill) = while_ill(&world);
    reactions.catch_up(city).await.unwrap();
    ill.store(false, Ordering::SeqCst);
    let second = world.second_server().await;
    let other = mirror(&second, |_entry| Ok(()));
    let (one, two) = tokio::join!(reactions.retry(city, true), other.retry(city, true));
    assert!(one.unwrap() + two.unwrap() >= 1);
    assert_eq!(mirrored(db, city).await, ((1..=5).collect(), 5), "once, whoever was faster");
    assert!(parked(db, city).await.is_empty());
}

/// Two servers catch up with the same events at the same moment, again and again.
async fn two_servers_react_once(world: World) {
    let (db, city) = (world.db(), world.city);
    let second = world.second_server().await;
    let (one, two) = (mirror(&world.ctx, |_entry| Ok(())), mirror(&second, |_entry| Ok(())));
    for round in 0..10 {
        open(db, city, round * 20 + 1..=round * 20 + 20).await;
        let (first, other) = tokio::join!(one.catch_up(city), two.catch_up(city));
        first.unwrap();
        other.unwrap();
    }
    assert_eq!(mirrored(db, city).await, ((1..=200).collect(), 200));
    assert_eq!(cursor(db, city).await, Some(200));
    assert!(parked(db, city).await.is_empty());
}

async fn only_the_wanted_streams_are_seen(world: World) {
    let (db, city) = (world.db(), world.city);
    open(db, city, 1..=3).await;
    db.write(Move { city, id: 2, line: 900, amount: 1, stop: Stop::Never }).await.unwrap();
    db.write(crate::odd::Foreign { city }).await.unwrap();
    let reactions = mirror(&world.ctx, |entry| {
        assert_eq!(entry.stream, "account");
        Ok(())
    });
    reactions.catch_up(city).await.unwrap();
    assert_eq!(mirrored(db, city).await.0, [1, 2, 3, 4, 900]);
    // The cursor stands behind the foreign event as well.
    assert_eq!(cursor(db, city).await, Some(5));
    assert!(parked(db, city).await.is_empty());
}
