//! What the disk and the engines give by themselves: an append with fdatasync, and one small row per commit.

use std::io::Write;
use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use testkit::Engine;

use crate::place::Place;
use crate::say;

const TIME: Duration = Duration::from_secs(4);

pub(crate) async fn measure(place: &Place) {
    if place.engine == Engine::Sqlite {
        append(place);
    }
    let conns = if place.engine == Engine::Sqlite { vec![1] } else { vec![1, 64] };
    for clients in conns {
        rows(place, clients).await;
    }
}

fn append(place: &Place) {
    let mut file = std::fs::File::create(place.data().join("floor")).unwrap();
    let (mut waits, began) = (Vec::new(), Instant::now());
    while began.elapsed() < TIME {
        let begun = Instant::now();
        file.write_all(&[7; 4_096]).unwrap();
        file.sync_data().unwrap();
        waits.push(begun.elapsed());
    }
    say("floor: append of 4 KiB and fdatasync", 1, TIME.as_secs_f64(), &mut waits);
}

/// A loop of raw inserts, each its own durable commit.
async fn rows(place: &Place, clients: usize) {
    let url = match place.engine {
        Engine::Sqlite => format!("sqlite://{}?mode=rwc", place.data().join("floor.db").display()),
        Engine::Postgres => place.url.clone(),
    };
    let first = connect(&url, place.engine).await;
    first
        .execute_unprepared("CREATE TABLE IF NOT EXISTS floor (id BIGINT PRIMARY KEY, body TEXT NOT NULL)")
        .await
        .unwrap();
    let began = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let (url, engine) = (url.clone(), place.engine);
            tokio::spawn(async move {
                let conn = connect(&url, engine).await;
                let (mut waits, mut n) = (Vec::new(), clients * 1_000_000 + client);
                while began.elapsed() < TIME {
                    let begun = Instant::now();
                    let sql = format!("INSERT INTO floor VALUES ({n}, '{}')", "x".repeat(400));
                    conn.execute_unprepared(&sql).await.unwrap();
                    waits.push(begun.elapsed());
                    n += clients;
                }
                waits
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    say(
        &format!("floor: {:?}, one row of 400 bytes per commit", place.engine),
        clients,
        TIME.as_secs_f64(),
        &mut all,
    );
}

async fn connect(url: &str, engine: Engine) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| sqlite.pragma("journal_mode", "WAL").pragma("synchronous", "FULL"));
    let _ = engine;
    Database::connect(options).await.unwrap()
}
