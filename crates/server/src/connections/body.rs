//! Bodies on their way: what arrives must go on arriving, and an answer keeps its connection at work until it is out.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body as AnyBody, Bytes};
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

use super::LEAST_BYTES_PER_S;
use super::places::Work;

/// A body that arrives. It breaks off when a whole window brought less than it must.
pub(super) struct Incoming {
    inner: hyper::body::Incoming,
    window: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    arrived: u64,
}

impl Incoming {
    pub(super) fn new(inner: hyper::body::Incoming, window: Duration) -> Self {
        Self { inner, window, waiting: None, arrived: 0 }
    }

    fn least(&self) -> u64 {
        self.window.as_secs() * LEAST_BYTES_PER_S
    }
}

impl Body for Incoming {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // What is here already is taken, however late we ask: our own slowness is not the sender's.
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) {
            let bytes = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref().map(Bytes::len));
            self.arrived += bytes.unwrap_or_default() as u64;
            if self.arrived >= self.least() {
                self.arrived = 0;
                self.waiting = None;
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::new)));
        }
        let window = self.window;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(window)));
        ready!(waiting.as_mut().poll(context));
        let slow = std::io::Error::new(std::io::ErrorKind::TimedOut, "the body came too slowly");
        Poll::Ready(Some(Err(axum::Error::new(slow))))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The body of an answer: its connection is at work until this is gone.
pub(super) struct Outgoing {
    inner: AnyBody,
    _work: Work,
}

impl Outgoing {
    pub(super) fn new(inner: AnyBody, work: Work) -> Self {
        Self { inner, _work: work }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
