//! Connections: how many there may be, and how long each may take for what. Whoever is silent or slow on purpose gives his
//! place to the next; a slow but honest phone keeps it.
//!
//! A head must be here within the patience, a connection may rest five times as long between requests, and a body must
//! bring [`LEAST_BYTES_PER_S`] over each four times. An answer under way (a live stream too) has no limit while
//! it is being read. When all places are taken, the connection that has rested longest makes room; only where all of them
//! are at work the newcomer is told to come again.

mod body;
mod places;
mod stall;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use platform::web::network;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use self::body::{Incoming as Arriving, Outgoing};
use self::places::{Place, Places};
use self::stall::Stall;
use crate::cli::Listen;

/// Bytes of a body per second, on an average over its window. A phone at the edge of a network sends 2,000.
const LEAST_BYTES_PER_S: u64 = 256;
/// The head of a request, at most; the buffer of each connection.
const HEAD_BYTES: usize = 64 * 1024;
/// Descriptors that connections leave to the database, photos and the log.
const DESCRIPTORS_KEPT: u64 = 64;
/// How long nothing is accepted after the system had no descriptor for it.
const BREATHER: Duration = Duration::from_millis(100);

/// What a newcomer hears when every place is at work.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n\
    Content-Type: application/problem+json; charset=utf-8\r\nContent-Length: {length}\r\n\r\n";

/// How long a connection may take for what.
#[derive(Debug, Clone, Copy)]
struct Times {
    head: Duration,
    rest: Duration,
    body: Duration,
    stall: Duration,
}

impl Times {
    fn of(patience: Duration) -> Self {
        Self { head: patience, rest: patience * 5, body: patience * 4, stall: patience * 8 }
    }
}

/// The connections of all listeners of this process. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Connections {
    places: Places,
    times: Times,
    proxies: Arc<[IpAddr]>,
}

impl Connections {
    /// With the limits of the command line, below that of open files.
    pub(crate) fn new(listen: &Listen) -> Self {
        let total = listen.connections.min(room(raised()));
        // Nobody alone takes every place.
        let each =
            if listen.no_rate_limits { total } else { listen.connections_per_address.min(total.div_ceil(2)) };
        tracing::info!(total, each, "connections");
        let proxies = listen.trust_forwarded_for.iter().map(IpAddr::to_canonical).collect();
        let times = Times::of(Duration::from_secs(listen.patience));
        Self { places: Places::new(total, each), times, proxies }
    }

    /// Answers whoever connects, until stopped and the requests under way are done.
    pub(crate) async fn answer(
        self,
        listener: TcpListener,
        router: Router,
        mut stopped: watch::Receiver<bool>,
    ) {
        let mut open = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                // An error means that the sender is gone, which is the end too.
                _ = stopped.wait_for(|stop| *stop) => break,
            };
            while open.try_join_next().is_some() {}
            match accepted {
                Ok((stream, peer)) => self.welcome(stream, peer, &router, &stopped, &mut open),
                Err(error) => self.recover(&error).await,
            }
        }
        drop(listener);
        while open.join_next().await.is_some() {}
    }

    fn welcome(
        &self,
        mut stream: TcpStream,
        peer: SocketAddr,
        router: &Router,
        stopped: &watch::Receiver<bool>,
        open: &mut JoinSet<()>,
    ) {
        let address = peer.ip().to_canonical();
        let counted = (!self.proxies.contains(&address)).then(|| network(address));
        let Some(place) = self.places.take(counted, self.times) else {
            // What fits into the buffer of a fresh connection goes out at once.
            drop(stream.try_write(&full()));
            open.spawn(async move { drop(stream.shutdown().await) });
            return;
        };
        open.spawn(serve(stream, peer, Arc::new(place), router.clone(), self.times, stopped.clone()));
    }

    /// Accepting failed. A visitor who left again is no trouble; without descriptors, one that rests is freed.
    async fn recover(&self, error: &std::io::Error) {
        use std::io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
        if matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
            return;
        }
        let freed = self.places.free_one();
        tracing::error!(%error, freed, "a connection could not be accepted");
        tokio::time::sleep(BREATHER).await;
    }
}

/// Serves one connection to its end.
async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    place: Arc<Place>,
    router: Router,
    times: Times,
    mut stopped: watch::Receiver<bool>,
) {
    drop(stream.set_nodelay(true));
    let io = TokioIo::new(Stall::new(stream, place.clone(), times.stall));
    let at_work = place.clone();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let work = at_work.work();
        let mut request: Request = request.map(|body| Body::new(Arriving::new(body, times.body)));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request);
        async move {
            let answer = match answer.await {
                Ok(answer) => answer,
                Err(never) => match never {},
            };
            Ok::<_, Infallible>(answer.map(|body| Outgoing::new(body, work)))
        }
    });
    let connection = http1::Builder::new().max_buf_size(HEAD_BYTES).serve_connection(io, service);
    let mut connection = std::pin::pin!(connection);
    let mut stopping = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke");
                }
                return;
            }
            () = place.over() => return,
            _ = stopped.wait_for(|stop| *stop), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

fn full() -> Vec<u8> {
    let words = include_str!("connections/full.json");
    let head = String::from_utf8_lossy(FULL).replace("{length}", &words.len().to_string());
    [head.as_bytes(), words.as_bytes()].concat()
}

/// Connections for which so many descriptors leave room: an upload under way holds a second one.
fn room(descriptors: u64) -> u32 {
    let room = descriptors.saturating_sub(DESCRIPTORS_KEPT) / 3 * 2;
    u32::try_from(room).unwrap_or(u32::MAX).max(1)
}

/// The limit of open files, raised as far as the system lets a program raise its own.
#[cfg(unix)]
fn raised() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let raised = setrlimit(Resource::Nofile, wanted);
    if let Err(error) = &raised {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    // No number is no limit.
    if raised.is_ok() { limit.maximum } else { limit.current }.unwrap_or(u64::MAX)
}

#[cfg(not(unix))]
fn raised() -> u64 {
    u64::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_kept_for_the_house() {
        for (descriptors, expected) in [(1_024, 640), (256, 128), (64, 1), (0, 1), (u64::MAX, u32::MAX)] {
            assert_eq!(room(descriptors), expected, "{descriptors}");
        }
    }

    #[test]
    fn who_finds_no_place_hears_why() {
        let full = String::from_utf8(full()).unwrap();
        let (head, body) = full.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}", body.len())), "{head}");
        let problem: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!((&problem["status"], &problem["code"]), (&503.into(), &"platform/busy".into()));
    }
}
