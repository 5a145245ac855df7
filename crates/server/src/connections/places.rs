//! The places of connections: counted in all and by address, and given up by whoever rests longest.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::Times;

/// All places. Cheap to clone.
#[derive(Clone)]
pub(super) struct Places {
    table: Arc<Mutex<Table>>,
    total: usize,
    each: usize,
}

#[derive(Default)]
struct Table {
    taken: HashMap<u64, Arc<Seat>>,
    by_address: HashMap<IpAddr, usize>,
    next: u64,
}

/// What a connection is doing, and the sign that its time is over.
struct Seat {
    /// Whose it is, where that is counted.
    address: Option<IpAddr>,
    state: Mutex<State>,
    gone: Notify,
}

#[derive(Clone, Copy)]
struct State {
    doing: Doing,
    since: Instant,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// Connected, nothing said yet.
    Fresh,
    /// The head of a request is on its way.
    Head,
    /// A request is being answered.
    Work,
    /// Answered; the next request may come.
    Rest,
    /// Asked to go, to make room. It is counted no longer.
    Leaving,
}

impl Seat {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self, doing: Doing) {
        *self.state() = State { doing, since: Instant::now() };
    }
}

impl Places {
    pub(super) fn new(total: u32, each: u32) -> Self {
        Self { table: Arc::default(), total: total as usize, each: each as usize }
    }

    /// A place for a connection of this address, or of one whose connections are not counted. `None` when everybody
    /// who could make room is at work.
    pub(super) fn take(&self, address: Option<IpAddr>, times: Times) -> Option<Place> {
        let mut table = self.lock();
        let held = address.and_then(|address| table.by_address.get(&address)).copied().unwrap_or_default();
        if held >= self.each && !table.make_room(|seat| seat.address == address) {
            return None;
        }
        if table.taken.len() >= self.total && !table.make_room(|_| true) {
            return None;
        }
        let state = State { doing: Doing::Fresh, since: Instant::now() };
        let seat = Arc::new(Seat { address, state: Mutex::new(state), gone: Notify::new() });
        let number = table.next;
        table.next += 1;
        table.taken.insert(number, seat.clone());
        if let Some(address) = address {
            *table.by_address.entry(address).or_default() += 1;
        }
        drop(table);
        Some(Place { seat, number, times, places: self.clone() })
    }

    /// Frees the place of whoever rests longest. Was there somebody?
    pub(super) fn free_one(&self) -> bool {
        self.lock().make_room(|_| true)
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn make_room(&mut self, among: impl Fn(&Seat) -> bool) -> bool {
        let waiting = self.taken.iter().filter(|(_, seat)| among(seat)).filter_map(|(number, seat)| {
            let state = *seat.state();
            matches!(state.doing, Doing::Fresh | Doing::Head | Doing::Rest).then_some((state.since, *number))
        });
        let Some((_, number)) = waiting.min() else { return false };
        if let Some(seat) = self.remove(number) {
            seat.turn(Doing::Leaving);
            seat.gone.notify_one();
        }
        true
    }

    fn remove(&mut self, number: u64) -> Option<Arc<Seat>> {
        let seat = self.taken.remove(&number)?;
        if let Some(address) = seat.address
            && let Some(held) = self.by_address.get_mut(&address)
        {
            *held -= 1;
            if *held == 0 {
                self.by_address.remove(&address);
            }
        }
        Some(seat)
    }
}

/// The place of one connection, given back when dropped.
pub(super) struct Place {
    seat: Arc<Seat>,
    number: u64,
    times: Times,
    places: Places,
}

impl Place {
    /// Bytes came in: where nothing was under way, a head begins.
    pub(super) fn heard(&self) {
        let mut state = self.seat.state();
        match state.doing {
            // Silence before the first byte counts against the first head.
            Doing::Fresh => state.doing = Doing::Head,
            Doing::Rest => *state = State { doing: Doing::Head, since: Instant::now() },
            Doing::Head | Doing::Work | Doing::Leaving => {}
        }
    }

    /// A request is here; at work until the result is dropped.
    pub(super) fn work(self: &Arc<Self>) -> Work {
        self.seat.turn(Doing::Work);
        Work(self.clone())
    }

    /// Returns when the time of this connection is over.
    pub(super) async fn over(&self) {
        loop {
            let State { doing, since } = *self.seat.state();
            let now = Instant::now();
            let end = match doing {
                Doing::Leaving => return,
                Doing::Fresh | Doing::Head => since + self.times.head,
                Doing::Rest => since + self.times.rest,
                Doing::Work => now + self.times.head,
            };
            if end <= now {
                return;
            }
            // Looks again at the latest after the shortest limit: a head may have begun meanwhile.
            tokio::select! {
                () = self.seat.gone.notified() => return,
                () = tokio::time::sleep_until(end.min(now + self.times.head)) => {}
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(self.places.lock().remove(self.number));
    }
}

/// A request being answered.
pub(super) struct Work(Arc<Place>);

impl Drop for Work {
    fn drop(&mut self) {
        let mut state = self.0.seat.state();
        if state.doing == Doing::Work {
            *state = State { doing: Doing::Rest, since: Instant::now() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const TIMES: Duration = Duration::from_secs(1);

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[tokio::test]
    async fn who_rests_longest_makes_room_and_who_works_stays() {
        let places = Places::new(3, 2);
        let take = |from: &str| places.take(address(from), Times::of(TIMES)).map(Arc::new);
        let first = take("10.0.0.1").unwrap();
        let second = take("10.0.0.1").unwrap();
        let working = first.work();
        let third = take("10.0.0.1").unwrap();
        second.over().await;
        let also_working = third.work();
        assert!(take("10.0.0.1").is_none(), "both of this address are at work");
        let other = take("10.0.0.2").unwrap();
        let last = take("10.0.0.3").unwrap();
        other.over().await;
        drop(working);
        assert!(take("10.0.0.1").is_some(), "the first rests now");
        first.over().await;
        drop((also_working, last));
    }

    #[tokio::test]
    async fn those_that_are_not_counted_share_the_total() {
        let places = Places::new(3, 1);
        let held: Vec<_> = (0..3).filter_map(|_| places.take(None, Times::of(TIMES))).map(Arc::new).collect();
        let work: Vec<_> = held.iter().map(Place::work).collect();
        assert_eq!(work.len(), 3);
        assert!(places.take(None, Times::of(TIMES)).is_none());
        drop((work, held));
        assert!(places.take(address("10.0.0.1"), Times::of(TIMES)).is_some(), "places are given back");
    }
}
