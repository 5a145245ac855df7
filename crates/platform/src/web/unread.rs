//! Bodies that nobody read: a refusal often goes out before the body is in. The answer then says that the connection ends
//! (`Connection: close`), and the rest is read and thrown away for a while, because a sender whose connection breaks while
//! he is still sending never hears the answer.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Version, header};
use axum::response::Response;
use futures_util::StreamExt;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::runtime::Handle;

/// How much of it is thrown away, at most: more than any body that we take.
const DRAIN_BYTES: usize = 32 * 1024 * 1024;
/// How long.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// Whether the body of a request was read to its end.
pub(super) struct Reading {
    ended: Arc<AtomicBool>,
}

impl Reading {
    /// Follows the body of a request on its way through the house.
    pub(super) fn of(request: Request) -> (Request, Self) {
        let ended = Arc::new(AtomicBool::new(request.body().is_end_stream()));
        let reading = Self { ended: ended.clone() };
        if ended.load(Ordering::Relaxed) {
            return (request, reading);
        }
        // Whoever asks first whether he may send has sent nothing yet, and reading on would tell him that he may.
        let waits = request.headers().contains_key(header::EXPECT);
        let followed = |inner| Body::new(Followed { inner: Some(inner), ended, drained: !waits });
        (request.map(followed), reading)
    }

    /// Says on the answer that the connection ends, where something was left unread.
    pub(super) fn close(&self, response: &mut Response, version: Version) {
        if version <= Version::HTTP_11 && !self.ended.load(Ordering::Relaxed) {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

struct Followed {
    inner: Option<Body>,
    ended: Arc<AtomicBool>,
    drained: bool,
}

impl HttpBody for Followed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(inner) = self.inner.as_mut() else { return Poll::Ready(None) };
        let polled = Pin::new(&mut *inner).poll_frame(context);
        let ended = match &polled {
            Poll::Pending => false,
            Poll::Ready(None) => true,
            Poll::Ready(Some(Ok(_))) => inner.is_end_stream(),
            Poll::Ready(Some(Err(_))) => {
                // Broken off: there is nothing more to read, and the connection is of no use.
                self.drained = false;
                false
            }
        };
        if ended {
            self.ended.store(true, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        let left = self.drained && !self.ended.load(Ordering::Relaxed);
        let rest = self.inner.take().filter(|_| left);
        if let (Some(rest), Ok(runtime)) = (rest, Handle::try_current()) {
            runtime.spawn(tokio::time::timeout(DRAIN_TIME, drain(rest)));
        }
    }
}

async fn drain(rest: Body) {
    let mut rest = rest.into_data_stream();
    let mut bytes = 0;
    while let Some(Ok(part)) = rest.next().await {
        bytes += part.len();
        if bytes > DRAIN_BYTES {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    /// What the answer says about the connection when this much of a body in two parts was read.
    async fn said(parts: usize, version: Version) -> Option<HeaderValue> {
        let body = stream::iter([Ok::<_, std::io::Error>("ab"), Ok("cd")]);
        let (request, reading) = Reading::of(Request::new(Body::from_stream(body)));
        let mut body = request.into_body().into_data_stream();
        for _ in 0..parts {
            body.next().await;
        }
        let mut response = Response::new(Body::empty());
        reading.close(&mut response, version);
        response.headers().get(header::CONNECTION).cloned()
    }

    #[tokio::test]
    async fn the_connection_ends_where_something_is_left_unread() {
        let close = Some(HeaderValue::from_static("close"));
        for (parts, expected) in [(0, &close), (1, &close), (3, &None)] {
            assert_eq!(said(parts, Version::HTTP_11).await, *expected, "{parts}");
        }
        assert_eq!(said(0, Version::HTTP_10).await, close);
        assert_eq!(said(0, Version::HTTP_2).await, None, "there it is a frame, not a header");
        let (_, reading) = Reading::of(Request::new(Body::empty()));
        let mut response = Response::new(Body::empty());
        reading.close(&mut response, Version::HTTP_11);
        assert!(response.headers().is_empty());
    }

    #[tokio::test]
    async fn what_is_left_is_read_and_thrown_away_unless_the_sender_waits_for_leave() {
        for (waits, drained) in [(false, true), (true, false)] {
            let (sent, gone) = tokio::sync::oneshot::channel::<()>();
            let mut sent = Some(sent);
            let last = stream::iter(0..3).map(move |part| {
                if part == 2 {
                    assert!(sent.take().is_some_and(|sent| sent.send(()).is_ok()));
                }
                Ok::<_, std::io::Error>("ab")
            });
            let mut request = Request::new(Body::from_stream(last));
            if waits {
                request.headers_mut().insert(header::EXPECT, HeaderValue::from_static("100-continue"));
            }
            drop(Reading::of(request));
            // The sender is dropped unsent where the body is dropped unread.
            assert_eq!(gone.await.is_ok(), drained);
        }
    }
}
