//! Whose request it is by address: the other end of the connection, or whoever a trusted proxy names.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use axum::{Extension, Router};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the caller; the loopback address where the server was called without a network (tests).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.extensions, &parts.headers))
    }
}

impl Peer {
    /// Of a request with these extensions and headers.
    pub(super) fn of(extensions: &Extensions, headers: &HeaderMap) -> Self {
        let address = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let address = address.unwrap_or(IpAddr::from([127, 0, 0, 1])).to_canonical();
        Self(extensions.get::<Proxies>().map_or(address, |proxies| proxies.caller(address, headers)))
    }
}

/// The proxies whose word about the caller is taken: each adds the address that it sees to `X-Forwarded-For`, as the
/// last one. What stands before it was said by the caller himself and proves nothing.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Arc<[IpAddr]>);

impl Proxies {
    /// These addresses. Without any, `X-Forwarded-For` says nothing.
    pub fn of(addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        Self(addresses.into_iter().map(|address| address.to_canonical()).collect())
    }

    /// Lets every [`Peer`] behind this router be the caller whom the proxies name.
    pub fn around(self, router: Router) -> Router {
        if self.0.is_empty() { router } else { router.layer(Extension(self)) }
    }

    fn caller(&self, other_end: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.0.contains(&other_end) {
            return other_end;
        }
        // A proxy may add a line of its own instead of adding to the line that came.
        let last = headers.get_all(FORWARDED_FOR).iter().next_back().and_then(|line| line.to_str().ok());
        let hop = last.and_then(|line| line.rsplit(',').next()).map(str::trim);
        hop.and_then(read).unwrap_or(other_end)
    }
}

/// An address as proxies write it: bare, with a port, or in brackets.
fn read(hop: &str) -> Option<IpAddr> {
    let bare = || hop.parse::<IpAddr>().ok();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    bare().or_else(with_port).or_else(in_brackets).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_listed_proxy_is_believed_and_only_its_own_word() {
        let proxies = Proxies::of(["127.0.0.1".parse().unwrap(), "10.0.0.8".parse().unwrap()]);
        let headers = |lines: &[&str]| {
            let mut map = HeaderMap::new();
            for line in lines {
                map.append(FORWARDED_FOR, line.parse().unwrap());
            }
            map
        };
        let rows: [(&str, &[&str], &str); 10] = [
            ("127.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("10.0.0.8", &["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["1.2.3.4", "203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["203.0.113.9:5123"], "203.0.113.9"),
            ("127.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
            ("127.0.0.1", &["[2001:db8::1]:443"], "2001:db8::1"),
            ("127.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["unknown"], "127.0.0.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("198.51.100.7", &["203.0.113.9"], "198.51.100.7"),
        ];
        for (other_end, lines, caller) in rows {
            let found = proxies.caller(other_end.parse().unwrap(), &headers(lines));
            assert_eq!(found, caller.parse::<IpAddr>().unwrap(), "{other_end} {lines:?}");
        }
        let nobody = Proxies::default().caller("127.0.0.1".parse().unwrap(), &headers(&["203.0.113.9"]));
        assert_eq!(nobody, IpAddr::from([127, 0, 0, 1]));
    }
}
