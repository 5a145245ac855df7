//! Server numbers: given out, kept, lost, given back.

use kernel::chance::SeededChance;
use kernel::time::{Clock, MINUTE_MS, Time};
use platform::db::cities;
use platform::db::lease::{LEASE_MS, lease};
use platform::key_proof::{fits, fits_or_begins};
use platform::secrets::Secrets;
use testkit::World;

use crate::SETS;

testkit::stories!(SETS:
    a_number_belongs_to_one_server_until_it_runs_out,
    numbers_that_are_given_back_never_run_out,
    a_city_is_there_once_it_was_begun,
    a_city_knows_its_key,
);

fn later(now: Time, ms: i64) -> Time {
    Time(now.0 + ms)
}

async fn a_number_belongs_to_one_server_until_it_runs_out(world: World) {
    let db = world.own_database().open().await;
    let now = world.clock.now();
    let one = lease(&db, "one", now).await.unwrap();
    let two = lease(&db, "two", now).await.unwrap();
    assert_eq!((one.number, two.number), (0, 1));
    // Held on, it stays; the other runs out and goes to whoever comes.
    let half = later(now, LEASE_MS / 2);
    assert!(one.renew(&db, half).await.unwrap());
    let past = later(now, LEASE_MS + MINUTE_MS);
    assert_eq!(lease(&db, "three", past).await.unwrap().number, 1);
    assert!(!two.renew(&db, past).await.unwrap(), "its number is another's: it must make no more ids");
    assert!(one.renew(&db, past).await.unwrap());
    // Nobody took it meanwhile: late is not lost.
    assert!(one.renew(&db, later(past, 5 * LEASE_MS)).await.unwrap());
    // What was lost cannot be given back either: it is the other's.
    two.give_back(&db, past).await.unwrap();
    assert_eq!(lease(&db, "four", past).await.unwrap().number, 2);
}

/// Three thousand commands in a row, one a second.
async fn numbers_that_are_given_back_never_run_out(world: World) {
    let db = world.own_database().open().await;
    let mut now = world.clock.now();
    for run in 0..3_000 {
        let taken = lease(&db, &format!("run {run}"), now).await.unwrap();
        assert!(taken.number < 10, "{}", taken.number);
        taken.give_back(&db, now).await.unwrap();
        now = later(now, 1_000);
    }
}

async fn a_city_is_there_once_it_was_begun(world: World) {
    let db = world.own_database().open().await;
    lease(&db, "one", world.clock.now()).await.unwrap();
    assert_eq!(cities::begun(db.reader()).await.unwrap(), [], "a server number is no city");
    for _again in 0..2 {
        cities::begin(&db, world.city).await.unwrap();
        assert_eq!(cities::begun(db.reader()).await.unwrap(), [world.city]);
    }
}

/// The first key that comes is the city's; another one is told apart, and changes nothing.
async fn a_city_knows_its_key(world: World) {
    let db = world.own_database().open().await;
    let secrets = |byte| Secrets::new(&[byte; 32], std::sync::Arc::new(SeededChance::new(1)));
    assert!(
        fits(db.reader(), world.city, &secrets(8)).await.unwrap(),
        "no proof, nothing to hold it against"
    );
    for (byte, is_the_key) in [(7, true), (8, false), (7, true)] {
        assert_eq!(fits_or_begins(&db, world.city, &secrets(byte)).await.unwrap(), is_the_key);
        assert_eq!(fits(db.reader(), world.city, &secrets(byte)).await.unwrap(), is_the_key);
    }
}
