//! Guessing passwords is slowed, per account and per network, and nobody is locked out by it.
//!
//! After some failures each further try has to wait, longer and longer, but never longer than two minutes: whoever owns the
//! account and mistyped gets in. A device or a network from which the account was opened before has a count of its own, so
//! that a stranger's guesses cost the owner nothing. An account that does not exist is counted like one that does. A try is
//! counted before it is checked, so that many at once are no way around; one that was right is taken back, but takes no
//! stranger's failures with it.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use kernel::id::{CityId, UserId};
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS, Time};

/// Failures of an account, or of an account on a known device, that cost no wait.
const FREE_OF_ACCOUNT: u32 = 5;
/// Failures of a network that cost no wait: a hall of clerks stands behind one address.
const FREE_OF_NETWORK: u32 = 30;
/// The longest wait.
pub const LONGEST_WAIT_MS: i64 = 2 * MINUTE_MS;
/// Failures are forgotten when there was none for so long.
const FORGOTTEN_MS: i64 = HOUR_MS;
/// A network is known for so long after the account was opened from it.
const KNOWN_MS: i64 = 30 * DAY_MS;
/// Counts kept one by one, at most. What comes above them is counted together.
const REMEMBERED: usize = 50_000;
/// Failures noted for the auditor between two writes, at most.
const NOTED: usize = 5_000;

/// The keyed digest of a login: what is counted, logged and kept instead of it.
pub type Account = String;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// An account, from wherever it was never opened.
    Account(CityId, Account),
    /// An account, on a device or a network that is known for it.
    Known(CityId, Account, Place),
    /// A network, whatever accounts it tries.
    Network(IpAddr),
    /// Everything for which there was no room.
    Rest,
}

/// Something by which the owner of an account is known again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Place {
    Device(String),
    Network(IpAddr),
}

impl Key {
    const fn free(&self) -> u32 {
        match self {
            Self::Account(..) | Self::Known(..) => FREE_OF_ACCOUNT,
            Self::Network(_) => FREE_OF_NETWORK,
            Self::Rest => FREE_OF_NETWORK * 10,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    last_at: Time,
    free_at: Time,
}

/// Failed sign-ins of one account from one network, to be kept for the auditor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failures {
    /// The tenant.
    pub city: CityId,
    /// The account.
    pub account: Account,
    /// Whose it is, where there is such a login.
    pub user: Option<UserId>,
    /// From where, shortened.
    pub network: String,
    /// How many.
    pub failures: i64,
    /// The last one.
    pub at: Time,
}

#[derive(Default)]
struct Memory {
    counts: HashMap<Key, Count>,
    /// Networks from which accounts were opened, and when last.
    known: HashMap<(CityId, Account, IpAddr), Time>,
    noted: HashMap<(CityId, Account, String), Failures>,
    /// The minute in which old counts were last thrown away.
    cleaned: i64,
}

/// The counts of a server. Cheap to clone.
#[derive(Clone, Default)]
pub struct Guesses {
    memory: Arc<Mutex<Memory>>,
    off: bool,
}

/// Who tries to sign in, from where.
#[derive(Debug, Clone)]
pub struct Try {
    /// The tenant.
    pub city: CityId,
    /// The account.
    pub account: Account,
    /// From where.
    pub address: IpAddr,
    /// The device, where it proved that the account was opened on it.
    pub device: Option<String>,
}

/// A try that may be made now, and what was counted for it.
#[derive(Debug)]
pub struct Admitted {
    keys: Vec<Key>,
    who: Try,
}

impl Guesses {
    /// Slows nobody: for load tests.
    pub fn off() -> Self {
        Self { off: true, ..Self::default() }
    }

    /// May the password be tried now? Counted as a failure until [`Self::right`] says otherwise.
    ///
    /// # Errors
    /// For how many milliseconds he has to wait.
    pub fn admit(&self, who: Try, now: Time) -> Result<Admitted, i64> {
        if self.off {
            return Ok(Admitted { keys: Vec::new(), who });
        }
        let mut memory = self.lock();
        memory.clean(now);
        let keys = memory.keys(&who, now);
        let wait =
            keys.iter().filter_map(|key| memory.counts.get(key)).map(|count| count.free_at.0 - now.0).max();
        if let Some(wait) = wait.filter(|wait| *wait > 0) {
            return Err(wait.min(LONGEST_WAIT_MS));
        }
        for key in &keys {
            memory.count(key, now);
        }
        Ok(Admitted { keys, who })
    }

    /// The password was right: the try was none, and from here the owner is known.
    pub fn right(&self, admitted: Admitted, now: Time) {
        if self.off {
            return;
        }
        let mut memory = self.lock();
        for key in &admitted.keys {
            match key {
                // Here only he could have failed.
                Key::Known(..) => drop(memory.counts.remove(key)),
                Key::Account(..) | Key::Network(_) | Key::Rest => memory.take_back(key, now),
            }
        }
        if memory.known.len() < REMEMBERED {
            let Try { city, account, address, .. } = admitted.who;
            memory.known.insert((city, account, network(address)), now);
        }
    }

    /// The try was none: what was asked did not answer.
    pub fn release(&self, admitted: Admitted, now: Time) {
        let mut memory = self.lock();
        admitted.keys.iter().for_each(|key| memory.take_back(key, now));
    }

    /// The password was wrong: notes it for the log and the auditor. Answers how many in a row it was for the account from
    /// there.
    pub fn wrong(&self, admitted: &Admitted, user: Option<UserId>, now: Time) -> u32 {
        let mut memory = self.lock();
        let Try { city, account, address, .. } = &admitted.who;
        let failures =
            admitted.keys.first().and_then(|key| memory.counts.get(key)).map_or(1, |count| count.failures);
        let shown = shortened(*address);
        let key = (*city, account.clone(), shown.clone());
        if memory.noted.len() < NOTED || memory.noted.contains_key(&key) {
            let fresh = Failures {
                city: *city,
                account: account.clone(),
                user,
                network: shown,
                failures: 0,
                at: now,
            };
            let noted = memory.noted.entry(key).or_insert(fresh);
            noted.failures += 1;
            noted.at = now;
        }
        failures
    }

    /// What failed since the last time, to be written.
    pub fn take_noted(&self) -> Vec<Failures> {
        std::mem::take(&mut self.lock().noted).into_values().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Memory {
    fn clean(&mut self, now: Time) {
        let minute = now.0.div_euclid(MINUTE_MS);
        if self.cleaned != minute {
            self.cleaned = minute;
            self.counts.retain(|_, count| now.0 - count.last_at.0 < FORGOTTEN_MS);
            self.known.retain(|_, at| now.0 - at.0 < KNOWN_MS);
        }
    }

    /// What a try is counted under, the account first.
    fn keys(&self, who: &Try, now: Time) -> Vec<Key> {
        let (city, account, network) = (who.city, who.account.clone(), network(who.address));
        let known_here = self
            .known
            .get(&(city, account.clone(), network))
            .is_some_and(|at| now.0.saturating_sub(at.0) < KNOWN_MS);
        let place = match (&who.device, known_here) {
            (Some(device), _) => Some(Place::Device(device.clone())),
            (None, true) => Some(Place::Network(network)),
            (None, false) => None,
        };
        let keys = match place {
            Some(place) => vec![Key::Known(city, account, place)],
            None => vec![Key::Account(city, account), Key::Network(network)],
        };
        let room = self.counts.len() < REMEMBERED;
        keys.into_iter()
            .map(|key| if room || self.counts.contains_key(&key) { key } else { Key::Rest })
            .collect()
    }

    fn count(&mut self, key: &Key, now: Time) {
        let none = Count { failures: 0, last_at: now, free_at: now };
        let count = self.counts.entry(key.clone()).or_insert(none);
        if now.0 - count.last_at.0 >= FORGOTTEN_MS {
            *count = none;
        }
        count.failures = count.failures.saturating_add(1);
        count.last_at = now;
        count.free_at = now.plus_ms(wait_ms(count.failures, key.free()));
    }

    /// One failure less; the wait that it brought is over.
    fn take_back(&mut self, key: &Key, now: Time) {
        if let Some(count) = self.counts.get_mut(key) {
            count.failures = count.failures.saturating_sub(1);
            count.free_at = now.plus_ms(wait_ms(count.failures, key.free()));
        }
    }
}

/// The wait after so many failures: none at first, then one second, two, four …
fn wait_ms(failures: u32, free: u32) -> i64 {
    if failures < free {
        return 0;
    }
    let doublings = (failures - free).min(20);
    (1_000_i64 << doublings).min(LONGEST_WAIT_MS)
}

/// What is counted as one: an IPv4 address, or the upper half of an IPv6 address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

/// An address as it may be kept: without the part that names one device.
fn shortened(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = Ipv4Addr::octets(&v4);
            format!("{a}.{b}.{c}.*")
        }
        IpAddr::V6(v6) => format!("{}/48", Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80)),
    }
}

#[cfg(test)]
mod tests;
