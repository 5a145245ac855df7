//! Live streams: everything, in order, once.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::response::IntoResponse;
use futures_util::StreamExt;
use kernel::id::CityId;
use platform::db::Fault;
use platform::journal::{Entry, last_seq};
use platform::sse::{Feeds, News, REPLAY_MAX, ScreenEvent, Shown, Subscription, Telling, stream};
use serde_json::json;
use testkit::{Engine, World};
use tokio::sync::watch;

use super::SETS;
use super::notes::make;

testkit::stories!(SETS:
    followers_see_everything_once_and_in_order,
    who_comes_back_gets_what_he_missed,
    who_missed_too_much_reloads,
    a_slow_follower_is_told_to_reload,
    another_server_and_another_city,
    a_stream_speaks_to_the_browser,
    a_stream_ends_when_its_follower_may_not_any_more,
    what_is_told_is_made_once_for_all,
);

/// Tells every note but the second.
#[derive(Clone, Default)]
struct Notes {
    /// Entries for which something was made.
    made: Arc<AtomicUsize>,
}

impl Telling for Notes {
    type Told = i64;

    async fn tell(&self, _city: CityId, entries: &[Entry]) -> Result<HashMap<i64, i64>, Fault> {
        self.made.fetch_add(entries.len(), Ordering::Relaxed);
        Ok(entries.iter().filter(|entry| entry.seq != 2).map(|entry| (entry.seq, entry.stream_id)).collect())
    }
}

fn feeds(world: &World) -> (Feeds<Notes>, watch::Sender<bool>) {
    let (stop, stopped) = watch::channel(false);
    (Feeds::new(world.db().clone(), Notes::default(), stopped), stop)
}

async fn next(subscription: &mut Subscription<i64>) -> Option<News<i64>> {
    tokio::time::timeout(Duration::from_secs(20), subscription.next()).await.expect("news")
}

/// The seqs of the next entries.
async fn seqs(subscription: &mut Subscription<i64>, count: usize) -> Vec<i64> {
    let mut seqs = Vec::new();
    while seqs.len() < count {
        match next(subscription).await {
            Some(News::Line(line)) => seqs.push(line.seq),
            other => panic!("{other:?} after {seqs:?}"),
        }
    }
    seqs
}

async fn followers_see_everything_once_and_in_order(world: World) {
    let (feeds, stop) = feeds(&world);
    make(world.db(), world.city, 1..=10).await;
    let mut late = feeds.subscribe(world.city, None).await.unwrap();
    let mut early = feeds.subscribe(world.city, Some(0)).await.unwrap();
    let (db, city) = (world.db().clone(), world.city);
    let writer = tokio::spawn(async move { make(&db, city, 11..=250).await });
    // Followers that come while it is being written, each from another place.
    let mut joined = Vec::new();
    for after in [0, 3, 10, 11, 40] {
        tokio::time::sleep(Duration::from_millis(5)).await;
        if after <= last_seq(world.db().reader(), city).await.unwrap() {
            joined.push((after, feeds.subscribe(city, Some(after)).await.unwrap()));
        }
    }
    assert!(joined.len() >= 3);
    assert_eq!(seqs(&mut late, 240).await, (11..=250).collect::<Vec<i64>>());
    assert_eq!(seqs(&mut early, 250).await, (1..=250).collect::<Vec<i64>>());
    for (after, mut follower) in joined {
        let count = usize::try_from(250 - after).unwrap();
        assert_eq!(seqs(&mut follower, count).await, (after + 1..=250).collect::<Vec<i64>>());
    }
    writer.await.unwrap();
    stop.send_replace(true);
    assert_eq!(next(&mut late).await, None, "it ends with the server");
}

async fn who_comes_back_gets_what_he_missed(world: World) {
    let (feeds, _stop) = feeds(&world);
    make(world.db(), world.city, 1..=5).await;
    let mut first = feeds.subscribe(world.city, Some(0)).await.unwrap();
    assert_eq!(seqs(&mut first, 3).await, [1, 2, 3]);
    let seen = first.told();
    assert_eq!(seen, 3);
    drop(first);
    make(world.db(), world.city, 6..=8).await;
    let mut again = feeds.subscribe(world.city, Some(seen)).await.unwrap();
    assert_eq!(seqs(&mut again, 5).await, [4, 5, 6, 7, 8]);
    make(world.db(), world.city, 9..=9).await;
    assert_eq!(seqs(&mut again, 1).await, [9]);
}

async fn who_missed_too_much_reloads(world: World) {
    let (feeds, _stop) = feeds(&world);
    let many = i64::try_from(REPLAY_MAX).unwrap() + 1;
    let all = (1..=many).map(|number| world.db().write(super::notes::MakeNote { city: world.city, number }));
    for done in futures_util::future::join_all(all).await {
        done.unwrap();
    }
    let mut lost = feeds.subscribe(world.city, Some(0)).await.unwrap();
    let mut just = feeds.subscribe(world.city, Some(1)).await.unwrap();
    let mut stranger = feeds.subscribe(world.city, Some(many + 77)).await.unwrap();
    assert_eq!(next(&mut lost).await, Some(News::Reload));
    assert_eq!(next(&mut stranger).await, Some(News::Reload), "he followed another database");
    assert_eq!(seqs(&mut just, REPLAY_MAX as usize).await.len(), REPLAY_MAX as usize);
    make(world.db(), world.city, [many + 1]).await;
    for follower in [&mut lost, &mut just, &mut stranger] {
        assert_eq!(seqs(follower, 1).await, [many + 1]);
    }
}

async fn a_slow_follower_is_told_to_reload(world: World) {
    let (feeds, _stop) = feeds(&world);
    let mut slow = feeds.subscribe(world.city, None).await.unwrap();
    let mut quick = feeds.subscribe(world.city, None).await.unwrap();
    for part in 0..3 {
        let all = (1..=600)
            .map(|n| world.db().write(super::notes::MakeNote { city: world.city, number: part * 600 + n }));
        for done in futures_util::future::join_all(all).await {
            done.unwrap();
        }
        assert_eq!(seqs(&mut quick, 600).await.len(), 600);
    }
    assert_eq!(next(&mut slow).await, Some(News::Reload));
    let News::Line(first) = next(&mut slow).await.unwrap() else { panic!("an entry") };
    assert!(first.seq > 600);
    let rest = usize::try_from(1_800 - first.seq).unwrap();
    assert_eq!(seqs(&mut slow, rest).await, (first.seq + 1..=1_800).collect::<Vec<i64>>());
}

async fn another_server_and_another_city(world: World) {
    let (feeds, _stop) = feeds(&world);
    let mut here = feeds.subscribe(world.city, None).await.unwrap();
    let elsewhere = CityId(world.city.0 + 500_000);
    make(world.db(), elsewhere, 1..=3).await;
    make(world.db(), world.city, [1]).await;
    assert_eq!(seqs(&mut here, 1).await, [1]);
    if world.engine == Engine::Postgres {
        make(&world.second_server().await.db, world.city, [2]).await;
        assert_eq!(seqs(&mut here, 1).await, [2], "what another server wrote is heard within a second");
    }
}

/// A note as a screen shows it.
fn note(id: &i64) -> Shown {
    Shown::Event(ScreenEvent { name: "note", data: json!({ "id": id.to_string() }) })
}

async fn a_stream_ends_when_its_follower_may_not_any_more(world: World) {
    let (feeds, _stop) = feeds(&world);
    make(world.db(), world.city, 1..=5).await;
    let clock = || world.ctx.clock.clone();
    let subscription = feeds.subscribe(world.city, Some(5)).await.unwrap();
    let refused = stream(subscription, clock(), note, async || false).into_response();
    assert_eq!(rest(refused).await, "", "with the first ping already");

    // He may, until something makes it doubtful.
    let may = Arc::new(AtomicBool::new(true));
    let still = {
        let may = may.clone();
        move || {
            let may = may.clone();
            async move { may.load(Ordering::Relaxed) }
        }
    };
    let doubts = Arc::new(AtomicUsize::new(0));
    let show = {
        let (may, doubts) = (may.clone(), doubts.clone());
        move |id: &i64| match id {
            3 => {
                doubts.fetch_add(1, Ordering::Relaxed);
                Shown::Doubt
            }
            4 => {
                may.store(false, Ordering::Relaxed);
                Shown::Nothing
            }
            5 => Shown::Doubt,
            other => note(other),
        }
    };
    let subscription = feeds.subscribe(world.city, Some(0)).await.unwrap();
    let told = rest(stream(subscription, clock(), show, still).into_response()).await;
    let notes = told.split("\n\n").filter(|event| event.contains("event: note")).count();
    assert_eq!((notes, doubts.load(Ordering::Relaxed)), (1, 1), "{told}");
}

/// Everything that a stream says until it ends.
async fn rest(response: axum::response::Response) -> String {
    let body = axum::body::to_bytes(response.into_body(), 1 << 20);
    let bytes = tokio::time::timeout(Duration::from_secs(10), body).await.expect("the end").unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn what_is_told_is_made_once_for_all(world: World) {
    let (_stop, stopped) = watch::channel(false);
    let notes = Notes::default();
    let feeds = Feeds::new(world.db().clone(), notes.clone(), stopped);
    let mut followers = Vec::new();
    for _ in 0..20 {
        followers.push(feeds.subscribe(world.city, None).await.unwrap());
    }
    make(world.db(), world.city, 1..=30).await;
    for follower in &mut followers {
        assert_eq!(seqs(follower, 30).await, (1..=30).collect::<Vec<i64>>());
    }
    assert_eq!(notes.made.load(Ordering::Relaxed), 30);
}

async fn a_stream_speaks_to_the_browser(world: World) {
    let (feeds, stop) = feeds(&world);
    make(world.db(), world.city, 1..=2).await;
    let subscription = feeds.subscribe(world.city, Some(0)).await.unwrap();
    let response = stream(subscription, world.ctx.clock.clone(), note, async || true).into_response();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body().into_data_stream();
    let mut text = String::new();
    make(world.db(), world.city, [3]).await;
    while !(text.contains("id: 3") && text.contains("event: ping")) {
        let part = tokio::time::timeout(Duration::from_secs(20), body.next())
            .await
            .expect("a part")
            .unwrap()
            .unwrap();
        text.push_str(std::str::from_utf8(&part).unwrap());
    }
    stop.send_replace(true);
    while tokio::time::timeout(Duration::from_secs(5), body.next()).await.expect("the end").is_some() {}
    let events: Vec<&str> = text.split("\n\n").filter(|event| event.contains("event: note")).collect();
    assert_eq!(
        events,
        ["event: note\nid: 1\ndata: {\"id\":\"1\"}", "event: note\nid: 3\ndata: {\"id\":\"3\"}"]
    );
    let at = world.ctx.now().0;
    assert!(text.contains(&format!("data: {{\"at\":{at},\"seq\":")), "{text}");
}
