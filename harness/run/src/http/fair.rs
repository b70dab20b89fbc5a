//! A connection that lets others have their turn: a peer that sends without end must not keep the clock from being looked at.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// So many bytes are read before others have their turn.
const TURN: usize = 256 * 1024;

/// Any connection, read in turns.
pub(super) struct Fair<L> {
    line: L,
    since: usize,
}

impl<L> Fair<L> {
    pub(super) fn new(line: L) -> Self {
        Self { line, since: 0 }
    }
}

impl<L: AsyncRead + Unpin> AsyncRead for Fair<L> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.since >= TURN {
            self.since = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut self.line).poll_read(cx, buf);
        self.since += buf.filled().len().saturating_sub(before);
        read
    }
}

impl<L: AsyncWrite + Unpin> AsyncWrite for Fair<L> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.line).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_shutdown(cx)
    }
}
