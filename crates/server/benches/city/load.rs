//! A load generator that costs little beside the server on the same two cores: one kept connection per client, requests
//! written as bytes, answers read by their Content-Length.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Makes the n-th request.
pub(crate) type Make = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// Sends requests for so long from so many clients and gives the wait of each. Every answer must have `status`.
pub(crate) async fn load(
    address: &str,
    clients: usize,
    time: Duration,
    status: u16,
    make: Make,
) -> Vec<Duration> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let until = Instant::now() + time;
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (address, make) = (address.to_owned(), make.clone());
            tokio::spawn(async move {
                let mut client = Client::connect(&address).await;
                let mut waits = Vec::new();
                while Instant::now() < until {
                    let request = make(NEXT.fetch_add(1, Ordering::Relaxed));
                    let begun = Instant::now();
                    let answer = client.ask(&request).await;
                    waits.push(begun.elapsed());
                    assert_eq!(answer.status, status, "{}", String::from_utf8_lossy(&answer.body));
                }
                waits
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    all
}

/// One answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// One kept connection.
pub(crate) struct Client {
    stream: TcpStream,
    got: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, got: Vec::with_capacity(64 * 1_024) }
    }

    pub(crate) async fn ask(&mut self, request: &[u8]) -> Answer {
        self.stream.write_all(request).await.unwrap();
        let head_end =
            self.until(|got| got.windows(4).position(|end| end == b"\r\n\r\n").map(|at| at + 4)).await;
        let head = String::from_utf8(self.got[..head_end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |text| text.trim().parse().unwrap());
        let end = head_end + length;
        self.until(|got| (got.len() >= end).then_some(end)).await;
        let body = self.got[head_end..end].to_vec();
        self.got.drain(..end);
        Answer { status, head, body }
    }

    async fn until(&mut self, found: impl Fn(&[u8]) -> Option<usize>) -> usize {
        loop {
            if let Some(at) = found(&self.got) {
                return at;
            }
            assert!(self.stream.read_buf(&mut self.got).await.unwrap() > 0, "the server hung up");
        }
    }
}

/// A GET with a session cookie.
pub(crate) fn get(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n").into_bytes()
}

/// A POST of JSON with some more header lines, each ended by CRLF.
pub(crate) fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         {headers}\r\n{body}"
    )
    .into_bytes()
}
