//! Several servers and many clients on one database.

use std::time::Duration;

use kernel::id::CityId;
use platform::db::{Db, Fault};
use testkit::World;
use tokio::task::JoinSet;

use crate::SETS;
use crate::checks::{chains_are_whole, journal, seqs_without_gaps, timers};
use crate::ledger::{Move, No, Open, Stop, accounts, lines};
use crate::odd::Wake;

testkit::stories!(SETS:
    two_servers_write_one_city,
    two_servers_open_new_cities_at_once,
    sixty_four_clients_and_nobody_waits_forever,
    everybody_hears_of_what_was_committed,
);

/// Two servers, each with its own lanes, write the same accounts of one city at once: no gap, no double seq, no
/// number given twice, no update lost.
async fn two_servers_write_one_city(world: World) {
    let city = world.city;
    let (one, two) = (world.db().clone(), world.second_server().await.db);
    for id in 1..=4 {
        one.write(Open::new(city, id)).await.unwrap();
    }
    let mut clients = JoinSet::new();
    for client in 0..16_i64 {
        let db = if client % 2 == 0 { one.clone() } else { two.clone() };
        clients.spawn(async move {
            for step in 0..25_i64 {
                let line = client * 100 + step;
                db.write(Open::new(city, 1_000 + line)).await.unwrap();
                let add = Move { city, id: step % 4 + 1, line, amount: line, stop: Stop::Never };
                db.write(add).await.unwrap();
            }
        });
    }
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
    let rows = accounts(one.reader(), city).await;
    assert_eq!(rows.len(), 404);
    assert_eq!(seqs_without_gaps(&one, city).await, 404 + 400);
    let all: i64 = (0..16).flat_map(|client| (0..25).map(move |step| client * 100 + step)).sum();
    assert_eq!(rows.iter().map(|row| row.balance).sum::<i64>(), all);
    chains_are_whole(&one, city).await;
}

/// The first command of a city makes its lane row; here two servers do so at the same moment, again and again.
async fn two_servers_open_new_cities_at_once(world: World) {
    let (one, two) = (world.db().clone(), world.second_server().await.db);
    for offset in 0..30 {
        // Outside the six digits of the stories' cities.
        let city = CityId(world.city.0 * 1_000 + offset);
        let (first, second) = tokio::join!(one.write(Open::new(city, 1)), two.write(Open::new(city, 2)));
        let mut numbers = [first.unwrap(), second.unwrap()];
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2]);
        chains_are_whole(&one, city).await;
    }
}

/// Clients that open, move, refuse, panic, read and go away in between, in eight cities, on fewer connections than
/// cities: everybody is answered, and the books are right afterwards.
async fn sixty_four_clients_and_nobody_waits_forever(world: World) {
    let cities: Vec<CityId> = (0..12).map(|n| CityId(world.city.0 * 1_000 + n)).collect();
    let mut clients = JoinSet::new();
    for client in 0..64_i64 {
        let (db, city) = (world.db().clone(), cities[client as usize % cities.len()]);
        clients.spawn(async move { busy_client(&db, city, client).await });
    }
    let mut landed = 0;
    while let Some(client) = clients.join_next().await {
        landed += client.unwrap();
    }
    let mut stored = 0;
    for city in cities {
        // Behind everything that was left in the lane by clients that went away.
        world.db().write(Wake { city }).await.unwrap();
        stored +=
            accounts(world.db().reader(), city).await.len() + lines(world.db().reader(), city).await.len();
        seqs_without_gaps(world.db(), city).await;
        chains_are_whole(world.db(), city).await;
    }
    // A client that went away does not know whether its command landed; it counted none of those.
    assert!(stored >= landed, "{stored} stored, {landed} told");
    assert!(landed > 64 * 8, "{landed}");
}

async fn busy_client(db: &Db, city: CityId, client: i64) -> usize {
    let mut landed = 0;
    for step in 0..20_i64 {
        let id = client * 1_000 + step;
        let stop = match (client + step) % 7 {
            0 => Stop::RefuseNoted,
            1 if step % 4 == 0 => Stop::PanicSent,
            2 if step % 4 == 1 => Stop::RefuseSent,
            _goes_through => Stop::Never,
        };
        if step % 10 == 9 {
            let short = Duration::from_micros(200);
            drop(tokio::time::timeout(short, db.write(Open::new(city, id))).await);
            continue;
        }
        match db.write(Open::new(city, id).stop(stop)).await {
            Ok(_) => landed += 1,
            Err(No::Refused | No::Fault(Fault::Panicked(_))) => continue,
            Err(other) => panic!("{other:?}"),
        }
        if step % 3 == 0 {
            db.write(Move { city, id, line: id, amount: 1, stop: Stop::Never }).await.unwrap();
            landed += 1;
        }
        assert!(!accounts(db.reader(), city).await.is_empty());
    }
    landed
}

/// The signal after a commit reaches those who watch, for batches that were replayed as well.
async fn everybody_hears_of_what_was_committed(world: World) {
    let (db, city) = (world.db(), world.city);
    let mut watch = db.live().watch(city);
    db.write(Open::new(city, 1)).await.unwrap();
    watch.changed().await.unwrap();
    assert_eq!(*watch.borrow_and_update(), 1);
    assert!(db.write(Open::new(city, 2).stop(Stop::RefuseNoted)).await.is_err());
    assert!(db.write(Open::new(city, 3).stop(Stop::RefuseSent)).await.is_err());
    assert!(!watch.has_changed().unwrap() || *watch.borrow_and_update() == 1);
    db.write(Open::new(city, 4)).await.unwrap();
    assert_eq!(*watch.borrow_and_update(), 2);
    assert_eq!(journal(db, city).await.len(), 2);
    assert_eq!(timers(db, city).await, 2);
}
