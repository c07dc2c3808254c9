//! A connection that breaks if its client does not begin, or does not read.
//!
//! hyper limits the time for the head of a request, but only once it knows which HTTP the client
//! speaks. It has no limit for an answer that the client does not read.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// The first bytes of a client of HTTP/2. Those of a client of HTTP/1 differ sooner or later.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A stream with the two limits above.
#[derive(Debug)]
pub struct Deadlines<S> {
    stream: S,
    limit: Duration,
    /// What may still come of the preface. Empty once the version is known.
    preface: &'static [u8],
    /// When the version must be known.
    begin: Pin<Box<Sleep>>,
    /// When the write that waits must go on. `None` while no write waits.
    write: Option<Pin<Box<Sleep>>>,
    written: Arc<AtomicUsize>,
}

impl<S> Deadlines<S> {
    /// Gives the client `limit` to say which HTTP it speaks, and each write `limit` to go on.
    pub fn new(stream: S, limit: Duration) -> Self {
        let (begin, written) = (Box::pin(sleep(limit)), Arc::default());
        Self { stream, limit, preface: PREFACE, begin, write: None, written }
    }

    /// Returns the counter of the bytes that were written.
    pub fn written(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.written)
    }

    /// Returns what has come of a write, or an error if it has waited too long.
    fn in_time(
        &mut self,
        cx: &mut Context<'_>,
        write: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(done) = &write {
            self.write = None;
            self.written.fetch_add(*done.as_ref().unwrap_or(&0), Relaxed);
            return write;
        }
        let deadline = self.write.get_or_insert_with(|| Box::pin(sleep(self.limit)));
        deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Deadlines<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if self.preface.is_empty() {
            return read;
        }
        if read.is_pending() {
            return self.begin.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()));
        }
        self.preface = self.preface.strip_prefix(&buffer.filled()[before..]).unwrap_or_default();
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Deadlines<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.in_time(cx, write)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.in_time(cx, write)
    }
}
