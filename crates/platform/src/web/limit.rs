//! Rate limits, in memory: guesses of passwords and receipt codes, and floods of uploads from one address.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use kernel::problem::Problem;
use kernel::time::{MINUTE_MS, Time};

use super::refusal::Refusal;

/// Addresses remembered at most; the table is cleared of old ones when it is full.
const REMEMBERED: usize = 100_000;

/// Counts per address, purpose and minute. Cheap to clone.
#[derive(Clone, Default)]
pub struct Limits {
    seen: Arc<Mutex<HashMap<(IpAddr, &'static str), Window>>>,
    off: bool,
}

#[derive(Clone, Copy)]
struct Window {
    minute: i64,
    count: u32,
    before: u32,
}

impl Limits {
    /// Counts nothing: for load tests.
    pub fn off() -> Self {
        Self { off: true, ..Self::default() }
    }

    /// Counts one use. Refuses when the sliding minute holds more than `per_minute`.
    ///
    /// # Errors
    /// 429 `platform/too-many` with `Retry-After` in its params.
    pub fn take(&self, peer: Peer, purpose: &'static str, per_minute: u32, now: Time) -> Result<(), Refusal> {
        let minute = now.0.div_euclid(MINUTE_MS);
        if self.off {
            return Ok(());
        }
        let mut all = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.retain(|_, window| window.minute >= minute - 1);
        }
        let window = all.entry((peer.0, purpose)).or_insert(Window { minute, count: 0, before: 0 });
        if window.minute != minute {
            window.before = if window.minute == minute - 1 { window.count } else { 0 };
            window.minute = minute;
            window.count = 0;
        }
        let into = now.0.rem_euclid(MINUTE_MS);
        let weighted = i64::from(window.before) * (MINUTE_MS - into) / MINUTE_MS + i64::from(window.count);
        if weighted >= i64::from(per_minute) {
            let wait_s = (MINUTE_MS - into) / 1_000 + 1;
            return Err(Refusal(Problem::new(429, "platform/too-many").with("wait_s", wait_s)));
        }
        window.count += 1;
        Ok(())
    }
}

/// The address of the caller; the loopback address where the server was called without a network (tests).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let address =
            parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Ok(Self(address.unwrap_or(IpAddr::from([127, 0, 0, 1]))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sliding_minute_is_counted() {
        let limits = Limits::default();
        let peer = Peer(IpAddr::from([10, 0, 0, 1]));
        let at = |s: i64| Time(s * 1_000);
        for _ in 0..5 {
            assert!(limits.take(peer, "x", 5, at(30)).is_ok());
        }
        assert!(limits.take(peer, "x", 5, at(31)).is_err());
        assert!(limits.take(peer, "y", 5, at(31)).is_ok());
        assert!(limits.take(peer, "x", 5, at(60)).is_err());
        assert!(limits.take(peer, "x", 5, at(100)).is_ok());
        assert!(limits.take(peer, "x", 5, at(300)).is_ok());
    }
}
