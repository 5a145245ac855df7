//! What a lane carries, beside the floor of the same disk: `cargo bench -p platform --bench lanes`.
//! Prints one line per measurement; figures are kept in docs/benchmarks.md.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark measures time and may stop at once"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use kernel::id::CityId;
use kernel::time::Time;
use platform::db::migrate::{self, migrate};
use platform::db::tables::timer;
use platform::db::{Command, Db, DbOptions, Fault, Tx};
use platform::journal::{Actor, Head, JournalEvent, Stamp, Stream};
use sea_orm::Set;
use serde::{Deserialize, Serialize};

const SECONDS: u64 = 4;

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Event {
    Reported { number: String, area: i64, class: String, due_at: i64, personal: String },
}

impl JournalEvent for Event {
    const STREAM: &'static str = "bench";
    fn kind(&self) -> &'static str {
        "reported"
    }
}

/// As much as an intake writes: three rows, an event, a timer, a number.
struct Intake {
    id: i64,
    at: Time,
}

impl Command for Intake {
    type Done = i64;
    type Error = Fault;

    fn city(&self) -> CityId {
        CityId(320_281)
    }

    async fn run(&self, tx: &mut Tx) -> Result<i64, Fault> {
        let number = tx.next_number("bench").await?;
        let event = Event::Reported {
            number: format!("JY20260302{number:05}"),
            area: 3_202_811_082_030_004,
            class: "E0110".to_owned(),
            due_at: self.at.0,
            personal: "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c".to_owned(),
        };
        let stamp = Stamp { at: self.at, actor: Actor::Resident };
        tx.journal(Stream::of::<Event>(self.id), &Head::default(), &stamp, &[event]);
        for part in 0..3 {
            tx.insert(timer::ActiveModel {
                city_id: Set(320_281),
                kind: Set(format!("row{part}")),
                stream_id: Set(self.id),
                due_at: Set(self.at.0),
            });
        }
        tx.timer(self.at, "bench.due", self.id);
        Ok(number)
    }
}

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}", dir.path().join("bench.db").display());
    run("SQLite", &sqlite).await;
    if let Ok(url) = std::env::var("BENCH_POSTGRES") {
        run("PostgreSQL", &url).await;
    }
}

async fn run(engine: &str, url: &str) {
    let db = Db::open(url, &DbOptions::default()).await.unwrap();
    migrate(&db, &[migrate::MIGRATIONS]).await.unwrap();
    let ids = Arc::new(AtomicI64::new(Instant::now().elapsed().as_nanos() as i64 + 1));
    for clients in [1, 64, 256] {
        let (count, mut waits) = load(&db, &ids, clients).await;
        waits.sort_unstable();
        let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        println!(
            "{engine}: {clients} clients: {:.0}/s, p50 {:.2} ms, p99 {:.2} ms",
            count as f64 / SECONDS as f64,
            at(0.5),
            at(0.99)
        );
    }
}

async fn load(db: &Db, ids: &Arc<AtomicI64>, clients: usize) -> (usize, Vec<Duration>) {
    let until = Instant::now() + Duration::from_secs(SECONDS);
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (db, ids) = (db.clone(), ids.clone());
            tokio::spawn(async move {
                let mut waits = Vec::new();
                while Instant::now() < until {
                    let started = Instant::now();
                    let id = ids.fetch_add(1, Ordering::Relaxed);
                    db.write(Intake { id, at: Time(1_772_000_000_000) }).await.unwrap();
                    waits.push(started.elapsed());
                }
                waits
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    (all.len(), all)
}
