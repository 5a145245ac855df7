//! Live screens: what was committed, told as it happens, read from the journal (server-sent events).
//!
//! One hub per city and process reads the journal when the database signals a commit, and every second on PostgreSQL,
//! where other servers write too. A subscriber first gets what it missed from the journal itself, then follows the hub,
//! without gaps and without seeing anything twice: `seq` has no gaps, so the next number is always known. Who missed
//! too much, or is too slow, is told to reload instead.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::sse::{Event, Sse};
use futures_util::Stream;
use kernel::id::CityId;
use kernel::time::Clock;
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

use crate::db::{Db, Engine, Fault};
use crate::journal::{Entry, events_after, last_seq};

/// Events replayed to a subscriber that comes back; one that missed more reloads.
pub const REPLAY_MAX: u64 = 500;
/// Events kept for slow subscribers.
const KEPT: usize = 1_024;
/// Events read at once.
const PAGE: u64 = 200;
/// How often PostgreSQL is asked for what other servers wrote.
const ASK: Duration = Duration::from_secs(1);
/// How often a quiet stream says that it lives.
const PING: Duration = Duration::from_secs(15);

/// What a subscriber gets.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// The next event.
    Entry(Arc<Entry>),
    /// Events were missed: load everything again. What follows is new.
    Reload,
}

/// The hubs of all cities. Cheap to clone.
#[derive(Clone)]
pub struct Feeds {
    db: Db,
    stopped: watch::Receiver<bool>,
    hubs: Arc<Mutex<HashMap<CityId, broadcast::Sender<Arc<Entry>>>>>,
}

impl Feeds {
    /// Over this database; every subscription ends when `stopped` says so.
    pub fn new(db: Db, stopped: watch::Receiver<bool>) -> Self {
        Self { db, stopped, hubs: Arc::default() }
    }

    /// Follows a city: after the event `after_seq` if it is given, otherwise from now on.
    ///
    /// # Errors
    /// What the database says.
    pub async fn subscribe(&self, city: CityId, after_seq: Option<i64>) -> Result<Subscription, Fault> {
        // The hub listens from here on, so nothing can fall between its beginning and the replay below.
        let news = self.listen(city).await?;
        let conn = self.db.reader();
        let mut missed = VecDeque::new();
        let mut told = after_seq.unwrap_or_default();
        let after = match after_seq {
            Some(after) => {
                let entries = events_after(conn, city, after, REPLAY_MAX + 1).await?;
                let end = last_seq(conn, city).await?;
                if entries.len() as u64 > REPLAY_MAX || after > end {
                    missed.push_back(News::Reload);
                    told = end;
                    end
                } else {
                    let last = entries.last().map_or(after, |entry| entry.seq);
                    missed.extend(entries.into_iter().map(|entry| News::Entry(Arc::new(entry))));
                    last
                }
            }
            None => {
                told = last_seq(conn, city).await?;
                told
            }
        };
        Ok(Subscription { missed, news, after, told, stopped: self.stopped.clone() })
    }

    async fn listen(&self, city: CityId) -> Result<broadcast::Receiver<Arc<Entry>>, Fault> {
        if let Some(sender) = self.lock().get(&city) {
            return Ok(sender.subscribe());
        }
        let watch = self.db.live().watch(city);
        let after = last_seq(self.db.reader(), city).await?;
        let mut hubs = self.lock();
        // Another subscriber may have been faster.
        if let Some(sender) = hubs.get(&city) {
            return Ok(sender.subscribe());
        }
        let (sender, receiver) = broadcast::channel(KEPT);
        hubs.insert(city, sender.clone());
        tokio::spawn(self.clone().tell(city, after, watch, sender));
        Ok(receiver)
    }

    /// The hub: reads on and tells, until nobody listens.
    async fn tell(
        self,
        city: CityId,
        mut after: i64,
        mut committed: watch::Receiver<i64>,
        sender: broadcast::Sender<Arc<Entry>>,
    ) {
        let mut stopped = self.stopped.clone();
        let pause = if self.db.engine() == Engine::Postgres { ASK } else { PING };
        loop {
            if let Err(fault) = self.read_on(city, &mut after, &sender).await {
                tracing::warn!(%fault, "the live stream could not read the journal");
                tokio::time::sleep(ASK).await;
            }
            {
                let mut hubs = self.lock();
                if sender.receiver_count() == 0 {
                    hubs.remove(&city);
                    return;
                }
            }
            tokio::select! {
                _ = committed.changed() => {}
                () = tokio::time::sleep(pause) => {}
                _ = stopped.wait_for(|stop| *stop) => return,
            }
        }
    }

    async fn read_on(
        &self,
        city: CityId,
        after: &mut i64,
        sender: &broadcast::Sender<Arc<Entry>>,
    ) -> Result<(), Fault> {
        loop {
            let entries = events_after(self.db.reader(), city, *after, PAGE).await?;
            let full = entries.len() as u64 == PAGE;
            for entry in entries {
                *after = entry.seq;
                // An error means that nobody listens just now.
                drop(sender.send(Arc::new(entry)));
            }
            if !full {
                return Ok(());
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<CityId, broadcast::Sender<Arc<Entry>>>> {
        self.hubs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One follower of a city.
pub struct Subscription {
    missed: VecDeque<News>,
    news: broadcast::Receiver<Arc<Entry>>,
    /// The replay reached as far as this; the hub may tell some of it again.
    after: i64,
    /// The last seq that was handed out.
    told: i64,
    stopped: watch::Receiver<bool>,
}

impl Subscription {
    /// The next news; `None` when the server stops.
    pub async fn next(&mut self) -> Option<News> {
        if let Some(news) = self.missed.pop_front() {
            if let News::Entry(entry) = &news {
                self.told = entry.seq;
            }
            return Some(news);
        }
        loop {
            let received = tokio::select! {
                received = self.news.recv() => received,
                _ = self.stopped.wait_for(|stop| *stop) => return None,
            };
            match received {
                // Told by the replay already.
                Ok(entry) if entry.seq <= self.after => {}
                Ok(entry) => {
                    self.after = entry.seq;
                    self.told = entry.seq;
                    return Some(News::Entry(entry));
                }
                Err(broadcast::error::RecvError::Lagged(_)) => return Some(News::Reload),
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }

    /// The seq of the last event that was handed out, or from which the subscription began.
    pub fn told(&self) -> i64 {
        self.told
    }
}

/// An event as a screen wants it: `event: NAME`, `data: JSON`. The stream adds `id: SEQ`, which the browser sends back
/// as `Last-Event-ID` when it reconnects.
#[derive(Debug, Clone, PartialEq)]
pub struct ScreenEvent {
    /// The name.
    pub name: &'static str,
    /// The content.
    pub data: Value,
}

/// Answers a request with the stream of a subscription. `show` turns an entry into what the screen wants to see, or
/// into nothing when it is not for this caller. Besides there are `reload` (load everything again) and, every 15 s,
/// `ping` with `{at, seq}`.
pub fn stream<F, Fut>(
    subscription: Subscription,
    clock: Arc<dyn Clock>,
    show: F,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>>
where
    F: FnMut(Arc<Entry>) -> Fut + Send + 'static,
    Fut: Future<Output = Option<ScreenEvent>> + Send,
{
    // The first ping comes at once: the screen learns where it stands.
    let pings = tokio::time::interval(PING);
    Sse::new(futures_util::stream::unfold(
        (subscription, pings, show),
        move |(mut subscription, mut pings, mut show)| {
            let clock = clock.clone();
            async move {
                let event = loop {
                    tokio::select! {
                        news = subscription.next() => match news? {
                            News::Reload => break event("reload", subscription.told(), &json!({})),
                            News::Entry(entry) => {
                                let seq = entry.seq;
                                if let Some(shown) = show(entry).await {
                                    break event(shown.name, seq, &shown.data);
                                }
                            }
                        },
                        _ = pings.tick() => {
                            let seq = subscription.told();
                            break event("ping", seq, &json!({ "at": clock.now().0, "seq": seq }));
                        }
                    }
                };
                Some((Ok(event), (subscription, pings, show)))
            }
        },
    ))
}

fn event(name: &str, seq: i64, data: &Value) -> Event {
    Event::default().event(name).id(seq.to_string()).data(data.to_string())
}
