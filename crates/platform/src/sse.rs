//! Live screens: what was committed, told as it happens, read from the journal (server-sent events).
//!
//! One hub per city and process reads the journal when the database signals a commit, and every second on PostgreSQL,
//! where other servers write too. The room makes of each event what is told ([`Telling`]), once for everybody. A
//! subscriber first gets what it missed from the journal itself, then follows the hub, without gaps and without seeing
//! anything twice: `seq` has no gaps, so the next number is always known. Who missed too much, or is too slow, is told to
//! reload instead. With every ping it is asked again whether he may still follow.

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

/// What a room makes of the entries of the journal before they are told: once for all followers, whoever they are.
pub trait Telling: Send + Sync + 'static {
    /// What they get of an entry; each still sees only what his rights open.
    type Told: Send + Sync + 'static;

    /// What is told of these entries, by seq; an entry that is nobody's business is left out.
    ///
    /// # Errors
    /// What the database says; the same entries will be asked for again.
    fn tell(
        &self,
        city: CityId,
        entries: &[Entry],
    ) -> impl Future<Output = Result<HashMap<i64, Self::Told>, Fault>> + Send;
}

/// An entry as it is told. Those that nobody is told of are numbered too.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<T> {
    /// Its seq.
    pub seq: i64,
    /// What is told.
    pub told: Option<T>,
}

/// What a subscriber gets.
#[derive(Debug, PartialEq, Eq)]
pub enum News<T> {
    /// The next event.
    Line(Arc<Line<T>>),
    /// Events were missed: load everything again. What follows is new.
    Reload,
}

/// Where the hub of a city speaks.
type Voice<T> = broadcast::Sender<Arc<Line<T>>>;

/// The hubs of all cities. Cheap to clone.
pub struct Feeds<T: Telling> {
    db: Db,
    teller: Arc<T>,
    stopped: watch::Receiver<bool>,
    hubs: Arc<Mutex<HashMap<CityId, Voice<T::Told>>>>,
}

impl<T: Telling> Clone for Feeds<T> {
    fn clone(&self) -> Self {
        Self {
            db: self.db.clone(),
            teller: self.teller.clone(),
            stopped: self.stopped.clone(),
            hubs: self.hubs.clone(),
        }
    }
}

impl<T: Telling> Feeds<T> {
    /// Over this database; every subscription ends when `stopped` says so.
    pub fn new(db: Db, teller: T, stopped: watch::Receiver<bool>) -> Self {
        Self { db, teller: Arc::new(teller), stopped, hubs: Arc::default() }
    }

    /// Follows a city: after the event `after_seq` if it is given, otherwise from now on.
    ///
    /// # Errors
    /// What the database says.
    pub async fn subscribe(
        &self,
        city: CityId,
        after_seq: Option<i64>,
    ) -> Result<Subscription<T::Told>, Fault> {
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
                    missed.extend(self.lines(city, &entries).await?.into_iter().map(News::Line));
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

    /// Entries as they are told, in their order.
    async fn lines(&self, city: CityId, entries: &[Entry]) -> Result<Vec<Arc<Line<T::Told>>>, Fault> {
        let mut told = self.teller.tell(city, entries).await?;
        let lines = entries.iter().map(|entry| Line { seq: entry.seq, told: told.remove(&entry.seq) });
        Ok(lines.map(Arc::new).collect())
    }

    async fn listen(&self, city: CityId) -> Result<broadcast::Receiver<Arc<Line<T::Told>>>, Fault> {
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
        sender: Voice<T::Told>,
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

    async fn read_on(&self, city: CityId, after: &mut i64, sender: &Voice<T::Told>) -> Result<(), Fault> {
        loop {
            let entries = events_after(self.db.reader(), city, *after, PAGE).await?;
            let full = entries.len() as u64 == PAGE;
            for line in self.lines(city, &entries).await? {
                *after = line.seq;
                // An error means that nobody listens just now.
                drop(sender.send(line));
            }
            if !full {
                return Ok(());
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<CityId, Voice<T::Told>>> {
        self.hubs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One follower of a city.
pub struct Subscription<T> {
    missed: VecDeque<News<T>>,
    news: broadcast::Receiver<Arc<Line<T>>>,
    /// The replay reached as far as this; the hub may tell some of it again.
    after: i64,
    /// The last seq that was handed out.
    told: i64,
    stopped: watch::Receiver<bool>,
}

impl<T: Send + Sync + 'static> Subscription<T> {
    /// The next news; `None` when the server stops.
    pub async fn next(&mut self) -> Option<News<T>> {
        if let Some(news) = self.missed.pop_front() {
            if let News::Line(line) = &news {
                self.told = line.seq;
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
                Ok(line) if line.seq <= self.after => {}
                Ok(line) => {
                    self.after = line.seq;
                    self.told = line.seq;
                    return Some(News::Line(line));
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

/// What becomes of a line for one follower.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// His screen shows it.
    Event(ScreenEvent),
    /// It is not for him.
    Nothing,
    /// It may have changed what he may see: he is asked for again at once.
    Doubt,
}

/// Answers a request with the stream of a subscription. `show` says what a line is to this caller. `still` says whether
/// he may go on as he is: it is asked with every ping and whenever `show` is in doubt, and where it says no, the stream
/// ends. Besides there are `reload` (load everything again) and, every 15 s, `ping` with `{at, seq}`.
pub fn stream<T, S, M, Fut>(
    subscription: Subscription<T>,
    clock: Arc<dyn Clock>,
    show: S,
    still: M,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>>
where
    T: Send + Sync + 'static,
    S: FnMut(&T) -> Shown + Send + 'static,
    M: FnMut() -> Fut + Send + 'static,
    Fut: Future<Output = bool> + Send,
{
    // The first ping comes at once: the screen learns where it stands.
    let pings = tokio::time::interval(PING);
    Sse::new(futures_util::stream::unfold(
        (subscription, pings, show, still),
        move |(mut subscription, mut pings, mut show, mut still)| {
            let clock = clock.clone();
            async move {
                let event = loop {
                    tokio::select! {
                        news = subscription.next() => match news? {
                            News::Reload => break event("reload", subscription.told(), &json!({})),
                            News::Line(line) => match line.told.as_ref().map_or(Shown::Nothing, &mut show) {
                                Shown::Event(shown) => break event(shown.name, line.seq, &shown.data),
                                Shown::Nothing => {}
                                Shown::Doubt if still().await => {}
                                Shown::Doubt => return None,
                            },
                        },
                        _ = pings.tick() => {
                            if !still().await {
                                return None;
                            }
                            let seq = subscription.told();
                            break event("ping", seq, &json!({ "at": clock.now().0, "seq": seq }));
                        }
                    }
                };
                Some((Ok(event), (subscription, pings, show, still)))
            }
        },
    ))
}

fn event(name: &str, seq: i64, data: &Value) -> Event {
    Event::default().event(name).id(seq.to_string()).data(data.to_string())
}
