//! Trouble below is named, soon, loses nothing that was acknowledged, and passes by itself.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::World;

use crate::binary::{Place, Served, place};

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(NO_TABLES, only sqlite: a_full_disk_is_named, too_little_room_is_not_ready);
testkit::stories!(NO_TABLES, only postgres: a_database_that_is_away_is_named);

/// Within which an answer comes, whatever is wrong, on a machine that has other things to do.
const SOON: Duration = Duration::from_millis(2_500);

async fn report(served: &Served, word: &str) -> (u16, Option<String>, Value) {
    let body = json!({ "class_code": "E0110", "place": { "area_code": "320281108" }, "description": word });
    let ask = reqwest::Client::new().post(format!("{}/api/v1/public/reports", served.base)).json(&body);
    let began = Instant::now();
    let answer = ask.send().await.expect("an answer");
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    let wait = answer.headers().get("retry-after").map(|wait| wait.to_str().expect("a number").to_owned());
    (answer.status().as_u16(), wait, answer.json().await.unwrap_or_default())
}

async fn ready(served: &Served) -> (u16, String) {
    let began = Instant::now();
    let answer = reqwest::get(format!("{}/readyz", served.base)).await.expect("an answer");
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    (answer.status().as_u16(), answer.text().await.expect("a text"))
}

/// No file of this server may grow beyond what its log has now: what the system then says is what a full disk says.
async fn a_full_disk_is_named(world: World) {
    let place = place(&world);
    place.make_town();
    let served = place.serve_patiently();
    let (status, _, body) = report(&served, "满盘之前").await;
    let photos = body["code"].clone();
    assert!(status < 500, "{body}");
    served.limit_files(Some(4_096));
    let mut full = None;
    for n in 0..40 {
        let (status, wait, body) = report(&served, &format!("第{n}件")).await;
        if status >= 500 {
            full = Some((status, wait, body));
            break;
        }
    }
    let (status, wait, body) = full.unwrap_or_else(|| panic!("nothing was full ({photos})"));
    // SQLite says of a file that may not grow that it cannot be written, of a full disk that it is full.
    assert!(matches!(status, 503 | 507), "{body}");
    assert!(matches!(body["code"].as_str(), Some("platform/disk-full" | "platform/database-away")), "{body}");
    assert!(wait.is_some());
    assert_eq!(ready(&served).await.0, 503);
    served.limit_files(None);
    assert_eq!(ready(&served).await, (200, "ready".to_owned()), "it recovers by itself");
    served.stop();
    assert!(place.verify().status.success());
}

async fn too_little_room_is_not_ready(world: World) {
    let served = place(&world).begin_with(&["--least-free-mb", "999999999"], None);
    let (status, words) = ready(&served).await;
    assert!(status == 503 && words.contains("MiB free"), "{words}");
    served.stop();
}

/// PostgreSQL lets nobody in any more, and those who were in are thrown out; then it is back.
async fn a_database_that_is_away_is_named(world: World) {
    let place: Place = place(&world);
    let served = place.begin();
    assert_eq!(ready(&served).await.0, 200);
    place.lock_out(true).await;
    let (status, _) = ready(&served).await;
    assert_eq!(status, 503);
    let (status, wait, body) = report(&served, "失联").await;
    assert_eq!((status, body["code"].as_str()), (503, Some("platform/database-away")), "{body}");
    assert!(wait.is_some());
    place.lock_out(false).await;
    assert_eq!(ready(&served).await.0, 200, "it recovers by itself");
    served.stop();
}
