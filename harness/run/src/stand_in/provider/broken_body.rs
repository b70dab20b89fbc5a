use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame};
use tokio::time::Sleep;

/// A body that gives its first half and then, after a while, fails: the server closes the connection.
pub(super) struct Broken {
    half: Option<Bytes>,
    wait: Pin<Box<Sleep>>,
}

impl Broken {
    /// Fails after `wait`; the first half is on its way by then.
    pub(super) fn new(whole: &Bytes, wait: Duration) -> Self {
        Self {
            half: Some(whole.slice(..whole.len() / 2)),
            wait: Box::pin(tokio::time::sleep(wait)),
        }
    }
}

impl Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        match self.wait.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Some(Err(io::Error::other("told to break off")))),
            Poll::Pending => Poll::Pending,
        }
    }
}
