//! A resident's report without photos: place to cell and unit, policy, chain, receipt, idempotency key, two timers,
//! durable. First at `Db::write` (the room's own act in this process), then over HTTP at the served binary.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cases::model::Source;
use cases::{Cases, NewReport, Spot};
use kernel::place::Point;
use platform::Ctx;
use platform::idempotency::OnceKey;
use platform::journal::{Actor, Stamp};

use crate::load::{self, load, post};
use crate::place::Place;
use crate::say;

const TIME: Duration = Duration::from_secs(8);
const CLIENTS: [usize; 3] = [1, 64, 256];

pub(crate) async fn measure(place: &Place) {
    let (ctx, org, cases) = place.open().await;
    let points = points(&org).await;
    for clients in CLIENTS {
        let begun = Instant::now();
        let mut waits = write(&ctx, &cases, &points, clients).await;
        say(
            &format!("{:?}: intake at Db::write", place.engine),
            clients,
            begun.elapsed().as_secs_f64(),
            &mut waits,
        );
    }
    ctx.db.close().await.unwrap();
    drop((ctx, org, cases));
    let served = place.serve();
    println!("{:?}: memory before load {:.0} MB", place.engine, served.memory_mb());
    let points = Arc::new(points);
    for clients in CLIENTS {
        let points = points.clone();
        let make: load::Make = Arc::new(move |n| {
            let point = points[n as usize % points.len()];
            let body = format!(
                r#"{{"class_code":"E0110","place":{{"lng":{:.6},"lat":{:.6},"crs":"wgs84","accuracy_m":12}},"description":"垃圾桶旁有成堆的生活垃圾，请清理（第{n}条）","reporter":{{"name":"测试人","phone":"10000000000"}}}}"#,
                point.lng(),
                point.lat()
            );
            post("/api/v1/public/reports", &format!("Idempotency-Key: bench-{n}\r\n"), &body)
        });
        let begun = Instant::now();
        let mut waits = load(&served.address, clients, TIME, 201, make).await;
        say(
            &format!("{:?}: intake over HTTP", place.engine),
            clients,
            begun.elapsed().as_secs_f64(),
            &mut waits,
        );
    }
    tokio::time::sleep(Duration::from_secs(10)).await;
    println!("{:?}: memory ten seconds after the load {:.0} MB", place.engine, served.memory_mb());
}

/// A point inside of every cell of the third level.
async fn points(org: &org::Org) -> Vec<Point> {
    let city = org.city(demo::CITY).await.unwrap();
    city.leaves().into_iter().filter_map(|area| city.places().point_of(area)).collect()
}

async fn write(ctx: &Ctx, cases: &Cases, points: &[Point], clients: usize) -> Vec<Duration> {
    let until = Instant::now() + TIME;
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let (ctx, cases) = (ctx.clone(), cases.clone());
            let points = points.to_vec();
            tokio::spawn(async move {
                let mut waits = Vec::new();
                let mut n = client;
                while Instant::now() < until {
                    let begun = Instant::now();
                    report(&ctx, &cases, points[n % points.len()], &format!("{client}/{n}")).await;
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
    all
}

async fn report(ctx: &Ctx, cases: &Cases, point: Point, key: &str) {
    let new = NewReport {
        source: Source::Resident,
        class: "E0110".parse().unwrap(),
        place: Spot::Point(point, Some(12.0)),
        device_at: None,
        description: Some(format!("垃圾桶旁有成堆的生活垃圾，请清理（{key}）")),
        address: None,
        name: Some("测试人".to_owned()),
        phone: Some("10000000000".to_owned()),
        photos: Vec::new(),
    };
    let once =
        OnceKey::new(ctx, demo::CITY, "case:bench", &format!("{key}/{}", ctx.ids.next()), key.as_bytes());
    let stamp = Stamp { at: ctx.now(), actor: Actor::Resident };
    let done = cases.report(demo::CITY, cases::rules::By::Resident, stamp, new, Some(once)).await.unwrap();
    assert!(done.code.is_some());
}
