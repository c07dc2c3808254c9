//! Waiting for a connection without using it, and using it without waiting.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`.

use super::TcpStream;
use crate::runtime::io::readiness::{Direction, Interest, Ready};
use std::io::{IoSlice, IoSliceMut, Read, Result, Write};
use std::task::{Context, Poll};

impl TcpStream {
    /// Waits until [`try_read`](Self::try_read) is worth trying. Any number of tasks may wait at
    /// once.
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    pub async fn readable(&self) -> Result<()> {
        self.0.ready(Direction::Read).await
    }

    /// Waits until [`try_write`](Self::try_write) is worth trying. Any number of tasks may wait at
    /// once.
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    pub async fn writable(&self) -> Result<()> {
        self.0.ready(Direction::Write).await
    }

    /// Waits for bytes or for room, whichever comes first, and says which: the set holds what is worth
    /// trying now. Any number of tasks may wait at once.
    ///
    /// ```
    /// use tiny_runtime::io::Interest;
    /// use tiny_runtime::net::{TcpListener, TcpStream};
    ///
    /// tiny_runtime::runtime::Runtime::new()?.block_on(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0").await?;
    ///     let client = TcpStream::connect(listener.local_addr()?).await?;
    ///     let ready = client.ready(Interest::READABLE | Interest::WRITABLE).await?;
    ///     assert!(ready.is_writable() && !ready.is_readable());
    ///     std::io::Result::Ok(())
    /// })
    /// # ?; std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it takes nothing.
    pub async fn ready(&self, interest: Interest) -> Result<Ready> {
        self.0.ready_for(interest).await
    }

    /// As [`readable`](Self::readable), for one task: of several the last to call is woken.
    pub fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll(cx, Direction::Read, |_stream| Ok(()))
    }

    /// As [`writable`](Self::writable), for one task: of several the last to call is woken.
    pub fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll(cx, Direction::Write, |_stream| Ok(()))
    }

    /// Reads if something is there. Only `WouldBlock` ends [`readable`](Self::readable): after a part
    /// the stream still counts as readable.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if nothing is, else as [`read`](Self::read).
    pub fn try_read(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.attempt(Direction::Read, |mut stream| stream.read(buffer))
    }

    /// Writes if the kernel has room. Only `WouldBlock` ends [`writable`](Self::writable): after a part
    /// the stream still counts as writable.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if it has not, else as [`write`](Self::write).
    pub fn try_write(&self, buffer: &[u8]) -> Result<usize> {
        self.0.attempt(Direction::Write, |mut stream| stream.write(buffer))
    }

    /// As [`try_read`](Self::try_read), into several buffers, one after the other.
    ///
    /// # Errors
    ///
    /// As [`try_read`](Self::try_read).
    pub fn try_read_vectored(&self, buffers: &mut [IoSliceMut<'_>]) -> Result<usize> {
        self.0.attempt(Direction::Read, |mut stream| stream.read_vectored(buffers))
    }

    /// As [`try_write`](Self::try_write), from several buffers, one after the other.
    ///
    /// # Errors
    ///
    /// As [`try_write`](Self::try_write).
    pub fn try_write_vectored(&self, buffers: &[IoSlice<'_>]) -> Result<usize> {
        self.0.attempt(Direction::Write, |mut stream| stream.write_vectored(buffers))
    }
}
