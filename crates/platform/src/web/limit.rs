//! Rate limits, in memory: guesses of passwords and receipt codes, and floods of uploads from one address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use kernel::problem::Problem;
use kernel::time::{MINUTE_MS, Time};

use super::peer::Peer;
use super::refusal::Refusal;

/// Addresses counted one by one, at most. What comes above them in one minute is counted together.
const REMEMBERED: usize = 100_000;
/// How many times the limit of one address all those share that are counted together.
const TOGETHER: u32 = 50;

/// Counts per address, purpose and minute. Cheap to clone.
#[derive(Clone, Default)]
pub struct Limits {
    seen: Arc<Mutex<Seen>>,
    off: bool,
}

#[derive(Default)]
struct Seen {
    windows: HashMap<(IpAddr, &'static str), Window>,
    /// Callers for whom there was no room, by purpose.
    together: HashMap<&'static str, Window>,
    /// The minute in which old windows were last thrown away.
    cleaned: i64,
}

#[derive(Clone, Copy)]
struct Window {
    minute: i64,
    count: u32,
    before: u32,
}

impl Window {
    /// Counts one use, or says that the sliding minute is full.
    fn take(&mut self, per_minute: u32, minute: i64, into_ms: i64) -> bool {
        if self.minute != minute {
            self.before = if self.minute == minute - 1 { self.count } else { 0 };
            self.minute = minute;
            self.count = 0;
        }
        let weighted = i64::from(self.before) * (MINUTE_MS - into_ms) / MINUTE_MS + i64::from(self.count);
        let free = weighted < i64::from(per_minute);
        self.count += u32::from(free);
        free
    }
}

impl Limits {
    /// Counts nothing: for load tests.
    pub fn off() -> Self {
        Self { off: true, ..Self::default() }
    }

    /// Counts one use. Refuses when the sliding minute holds more than `per_minute`.
    ///
    /// An IPv6 address counts as its network of 64 bits, which one household has whole. Under a flood from more
    /// addresses than are remembered, those above share a count: the flood is slowed, and memory stays as it is.
    ///
    /// # Errors
    /// 429 `platform/too-many` with `Retry-After` in its params.
    pub fn take(&self, peer: Peer, purpose: &'static str, per_minute: u32, now: Time) -> Result<(), Refusal> {
        if self.off {
            return Ok(());
        }
        let (minute, into) = (now.0.div_euclid(MINUTE_MS), now.0.rem_euclid(MINUTE_MS));
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.take((network(peer.0), purpose), per_minute, minute, into) {
            return Ok(());
        }
        let wait_s = (MINUTE_MS - into) / 1_000 + 1;
        Err(Refusal(Problem::new(429, "platform/too-many").with("wait_s", wait_s)))
    }
}

impl Seen {
    fn take(&mut self, key: (IpAddr, &'static str), per_minute: u32, minute: i64, into_ms: i64) -> bool {
        if self.cleaned != minute {
            // Once a minute: looking through all of them takes milliseconds, during which everybody waits.
            self.cleaned = minute;
            self.windows.retain(|_, window| window.minute >= minute - 1);
        }
        let fresh = Window { minute, count: 0, before: 0 };
        if self.windows.len() < REMEMBERED || self.windows.contains_key(&key) {
            return self.windows.entry(key).or_insert(fresh).take(per_minute, minute, into_ms);
        }
        let together = self.together.entry(key.1).or_insert(fresh);
        together.take(per_minute.saturating_mul(TOGETHER), minute, into_ms)
    }
}

/// What is counted as one: an IPv4 address, or the upper half of an IPv6 address.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: i64) -> Time {
        Time(s * 1_000)
    }

    fn peer(address: &str) -> Peer {
        Peer(address.parse().unwrap())
    }

    #[test]
    fn a_sliding_minute_is_counted() {
        let limits = Limits::default();
        let peer = peer("10.0.0.1");
        for _ in 0..5 {
            assert!(limits.take(peer, "x", 5, at(30)).is_ok());
        }
        assert!(limits.take(peer, "x", 5, at(31)).is_err());
        assert!(limits.take(peer, "y", 5, at(31)).is_ok());
        assert!(limits.take(peer, "x", 5, at(60)).is_err());
        assert!(limits.take(peer, "x", 5, at(100)).is_ok());
        assert!(limits.take(peer, "x", 5, at(300)).is_ok());
    }

    #[test]
    fn a_household_counts_as_one() {
        let limits = Limits::default();
        let take = |address: &str| limits.take(peer(address), "x", 1, at(0)).is_ok();
        assert!(take("2001:db8:1:2::1"));
        assert!(!take("2001:db8:1:2:ffff::9"), "the same network of 64 bits");
        assert!(take("2001:db8:1:3::1"));
        assert!(take("10.0.0.1"));
        assert!(!take("::ffff:10.0.0.1"), "the same address, written as one of IPv6");
    }

    #[test]
    fn a_flood_of_fresh_addresses_is_slowed_and_takes_no_more_memory() {
        let limits = Limits::default();
        let fresh = |n: u32| Peer(IpAddr::from(n.to_be_bytes()));
        let flood = REMEMBERED as u32 + 1_000;
        let refused = (0..flood).filter(|n| limits.take(fresh(*n), "x", 2, at(0)).is_err()).count();
        assert_eq!(refused, 900, "those above share fifty times the limit");
        assert_eq!(limits.seen.lock().unwrap().windows.len(), REMEMBERED);
        assert!(limits.take(fresh(7), "x", 2, at(1)).is_ok(), "who is known is counted alone");
        assert!(limits.take(fresh(flood), "y", 2, at(1)).is_ok(), "each purpose by itself");
        // Two minutes later there is room again.
        assert!(limits.take(fresh(flood), "x", 2, at(120)).is_ok());
        assert_eq!(limits.seen.lock().unwrap().windows.len(), 1);
    }
}
