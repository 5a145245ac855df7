//! Nothing acknowledged is ever lost, nothing is made twice: the server is killed at random moments under load, and the
//! clients' own ledger is compared with what the city has afterwards.
//!
//! Five kills per engine here; `cargo xtask torture` sets YOUJU_KILLS for the long run.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kernel::chance::{Chance, SeededChance};
use serde_json::json;
use tokio::sync::watch;

use crate::binary::place;
use crate::clients::{Acknowledged, Client};

/// Clients that report at the same time.
const CLIENTS: usize = 16;

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

/// A kill comes after five seconds at most; making the town, starting and looking take the rest.
const LIMIT: Duration = Duration::from_secs(3_600);

testkit::stories!(NO_TABLES, within LIMIT; kills_lose_nothing_that_was_acknowledged);

async fn kills_lose_nothing_that_was_acknowledged(world: testkit::World) {
    let place = place(&world);
    place.make_town();
    let client = Client::new(json!({ "area_code": "320281108" }));
    let ledger: Arc<Mutex<Vec<Acknowledged>>> = Arc::default();
    let chance = SeededChance::new(9);
    let (address, at) = watch::channel(None::<String>);
    let (stop, stopped) = watch::channel(false);
    let workers: Vec<_> = (0..CLIENTS)
        .map(|_| tokio::spawn(work(client.clone(), at.clone(), stopped.clone(), ledger.clone())))
        .collect();
    for _ in 0..kills() {
        let served = place.serve();
        address.send_replace(Some(served.base.clone()));
        tokio::time::sleep(Duration::from_millis(200 + chance.below(4_800))).await;
        address.send_replace(None);
        served.kill();
    }
    let served = place.serve();
    address.send_replace(Some(served.base.clone()));
    stop.send_replace(true);
    for worker in workers {
        worker.await.expect("no client met a surprise");
    }
    let ledger = ledger.lock().expect("the ledger").clone();
    assert!(ledger.len() >= CLIENTS, "the load was real: {}", ledger.len());
    let numbers: HashSet<&str> = ledger.iter().map(|entry| entry.number.as_str()).collect();
    assert_eq!(numbers.len(), ledger.len(), "no two reports share a case");
    for entry in &ledger {
        let receipt = client.receipt(&served.base, &entry.receipt).await;
        assert_eq!(receipt["number"], entry.number.as_str());
        assert_eq!(receipt["description"], entry.intent.word.as_str());
        assert_eq!(receipt["chain"]["ok"], true);
    }
    drop(served);
    let verified = place.verify();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let made = made_by_clients(&place).await;
    assert_eq!(made, ledger.len(), "every acknowledged report is there once, and no other");
    println!(
        "{:?}: {} kills, {} reports acknowledged, none lost, none twice",
        world.engine,
        kills(),
        ledger.len()
    );
}

/// Reports until told to stop; each intent is repeated with its key until it is acknowledged.
pub(crate) async fn work(
    client: Client,
    mut at: watch::Receiver<Option<String>>,
    stopped: watch::Receiver<bool>,
    ledger: Arc<Mutex<Vec<Acknowledged>>>,
) {
    while !*stopped.borrow() {
        let intent = client.intent();
        loop {
            let base = at.wait_for(Option::is_some).await.expect("the test runs").clone().unwrap();
            if let Some(done) = client.report(&base, &intent).await {
                ledger.lock().expect("the ledger").push(done);
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// How many cases of the clients the database holds.
pub(crate) async fn made_by_clients(place: &crate::binary::Place) -> usize {
    use sea_orm::{ConnectionTrait, Statement};
    let url = place
        .database
        .clone()
        .unwrap_or_else(|| format!("sqlite://{}", place.data.join("youju.db").display()));
    let conn = sea_orm::Database::connect(url).await.expect("the database opens");
    // tidy: all cities — the test's database holds one city
    let rows = conn
        .query_all_raw(Statement::from_string(
            conn.get_database_backend(),
            "SELECT case_id, content FROM cases_text WHERE city_id = 320281 AND field = 'description'",
        ))
        .await
        .expect("rows");
    let word = |row: &sea_orm::QueryResult| {
        let content: Vec<u8> = row.try_get("", "content").expect("bytes");
        String::from_utf8(content).expect("text").starts_with("连环测试")
    };
    rows.iter().filter(|row| word(row)).count()
}

#[expect(clippy::disallowed_methods, reason = "the long run sets how often to kill")]
fn kills() -> u32 {
    std::env::var("YOUJU_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(5)
}
