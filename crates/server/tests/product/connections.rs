//! Connections without end: whoever is silent, drips or listens to nothing gives way; honest slowness stays.

use std::time::{Duration, Instant};

use testkit::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::binary::{Served, place};

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(NO_TABLES, only sqlite:
    silent_connections_stop_nobody,
    who_never_ends_a_head_is_cut_off,
    a_body_may_be_slow_but_not_stand_still,
    a_connection_at_work_is_not_idle,
    all_places_at_work_is_said,
);

/// Longer than anything here may take.
const LONG: Duration = Duration::from_secs(20);

async fn connect(served: &Served) -> TcpStream {
    TcpStream::connect(served.base.trim_start_matches("http://")).await.expect("it connects")
}

/// What is heard until the other end hangs up, and how long that took.
async fn rest(stream: &mut TcpStream) -> (String, Duration) {
    let (began, mut heard) = (Instant::now(), Vec::new());
    // A reset is an end like another.
    drop(timeout(LONG, stream.read_to_end(&mut heard)).await.expect("the connection ends"));
    (String::from_utf8_lossy(&heard).into_owned(), began.elapsed())
}

/// A fresh answer over a fresh connection.
async fn health(served: &Served) -> u16 {
    let ask = reqwest::Client::new().get(format!("{}/healthz", served.base)).timeout(Duration::from_secs(5));
    ask.send().await.map_or(0, |answer| answer.status().as_u16())
}

/// The fault as it was found: 1,100 connections that say nothing, under the usual limit of open files.
async fn silent_connections_stop_nobody(world: World) {
    for options in [&["--connections-per-address", "5000"][..], &[]] {
        let served = place(&world).begin_with(options, Some(1_024));
        let mut silent = Vec::new();
        for n in 0..1_100 {
            let mut stream = connect(&served).await;
            if n % 2 == 0 {
                drop(stream.write_all(b"GET /healthz HTTP/1.1\r\n").await);
            }
            silent.push(stream);
        }
        for _ in 0..5 {
            assert_eq!(health(&served).await, 200, "{options:?}");
        }
        drop(silent);
        served.stop();
    }
}

async fn who_never_ends_a_head_is_cut_off(world: World) {
    let served = place(&world).begin_with(&["--patience", "1"], None);
    let mut silent = connect(&served).await;
    let (_, took) = rest(&mut silent).await;
    assert!(took < Duration::from_secs(4), "silence: {took:?}");
    let mut drip = connect(&served).await;
    let began = Instant::now();
    drip.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n").await.expect("a head begins");
    while began.elapsed() < LONG && drip.write_all(b"X-Drip: 1\r\n").await.is_ok() {
        sleep(Duration::from_millis(200)).await;
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    // Between requests it may rest longer, but not for ever.
    let mut resting = connect(&served).await;
    resting.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("a request");
    sleep(Duration::from_millis(2_500)).await;
    resting.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("another");
    let (heard, took) = rest(&mut resting).await;
    assert_eq!(heard.matches("200 OK").count(), 2, "{heard}");
    assert!(took > Duration::from_secs(3) && took < Duration::from_secs(9), "{took:?}");
    served.stop();
}

async fn a_body_may_be_slow_but_not_stand_still(world: World) {
    let served = place(&world).begin_with(&["--patience", "1"], None);
    let photo = crate::clients::big_photo();
    let head = |bytes: usize| {
        format!(
            "POST /api/v1/files HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: {bytes}\r\n\r\n"
        )
    };
    // What a phone sends at 2 kB/s, in nine seconds; then the rest at once, because the test has no minutes.
    let mut slow = connect(&served).await;
    slow.write_all(head(photo.len()).as_bytes()).await.expect("a head");
    let (first, last) = photo.split_at(18_000);
    for part in first.chunks(1_000) {
        slow.write_all(part).await.expect("it goes on");
        sleep(Duration::from_millis(500)).await;
    }
    slow.write_all(last).await.expect("the rest");
    slow.shutdown().await.expect("the end");
    let (heard, _) = rest(&mut slow).await;
    assert!(heard.starts_with("HTTP/1.1 201"), "{heard}");
    let mut drip = connect(&served).await;
    drip.write_all(head(photo.len()).as_bytes()).await.expect("a head");
    let began = Instant::now();
    for byte in &photo {
        if drip.write_all(&[*byte]).await.is_err() || began.elapsed() > LONG {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
    assert_eq!(health(&served).await, 200);
    served.stop();
}

/// A live stream is quiet for long stretches: that is its work.
async fn a_connection_at_work_is_not_idle(world: World) {
    let place = place(&world);
    place.make_town();
    let served = place.serve_with(&["--patience", "1", "--no-rate-limits"]);
    let desk = crate::api::Api::of(&served.base, "paiqian").await;
    let mut stream = desk.open("/api/v1/live").await;
    let began = Instant::now();
    let mut pings = 0;
    while began.elapsed() < Duration::from_secs(17) {
        match timeout(Duration::from_secs(18), stream.chunk()).await {
            Ok(Ok(Some(part))) => pings += String::from_utf8_lossy(&part).matches("event: ping").count(),
            other => panic!("the stream ended after {:?}: {other:?}", began.elapsed()),
        }
        if pings >= 2 {
            break;
        }
    }
    assert!(pings >= 2, "{pings}");
    drop(stream);
    served.stop();
}

async fn all_places_at_work_is_said(world: World) {
    let served = place(&world).begin_with(&["--connections", "2"], None);
    let head = b"POST /api/v1/files HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: 90000\r\n\r\n\xFF\xD8";
    let mut working = connect(&served).await;
    working.write_all(head).await.expect("a head");
    sleep(Duration::from_millis(500)).await;
    // One address gets no more than half of the places.
    let mut late = connect(&served).await;
    let (heard, _) = rest(&mut late).await;
    assert!(heard.starts_with("HTTP/1.1 503") && heard.contains("Retry-After: 5"), "{heard}");
    assert!(heard.contains("platform/busy"), "{heard}");
    drop(working);
    sleep(Duration::from_millis(500)).await;
    assert_eq!(health(&served).await, 200);
    served.stop();
}
