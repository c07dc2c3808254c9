//! A TCP connection.
//!
//! Connecting is asynchronous by nature: the socket becomes writable when the attempt has ended,
//! well or badly, and only `SO_ERROR` tells which.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`. There also halves for two tasks (here an
//! `Arc`, `readable` and `try_read` do), and `TcpSocket`, for options before connecting.

use super::{Socket, ToSocketAddrs, address};
use crate::runtime::io::scheduled_io::{Direction, READABLE, WRITABLE};
use std::future::poll_fn;
use std::io::{ErrorKind, Read, Result, Write};
use std::net::{Shutdown, SocketAddr};
use std::task::{Context, Poll};

/// A connection. Dropping it closes both halves.
#[derive(Debug)]
pub struct TcpStream(Socket<mio::net::TcpStream>);

impl TcpStream {
    /// Tries the addresses one after the other until one connects. Cancel safe: dropped, it gives
    /// up the attempt.
    ///
    /// # Errors
    ///
    /// That of the last address tried; `InvalidInput` if there is none.
    ///
    /// # Panics
    ///
    /// Outside the context of a runtime.
    pub async fn connect(address: impl ToSocketAddrs) -> Result<Self> {
        let mut last = address::none();
        for address in address::resolve(address).await? {
            match Self::connect_to(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn connect_to(address: SocketAddr) -> Result<Self> {
        let stream = Self(Socket::new(mio::net::TcpStream::connect(address)?)?);
        stream.writable().await?;
        match stream.0.source.take_error()? {
            Some(error) => Err(error),
            None => Ok(stream),
        }
    }

    /// A new connection can be written to, and mostly the request is already there: the first calls
    /// try at once instead of waiting for a report that stands in line behind all others.
    pub(super) fn accepted(
        (stream, peer): (mio::net::TcpStream, SocketAddr),
    ) -> Result<(TcpStream, SocketAddr)> {
        let socket = Socket::new(stream)?;
        socket.io.assume_ready(READABLE | WRITABLE);
        Ok((Self(socket), peer))
    }

    /// Takes over a connection that has been made non-blocking. Panics as
    /// [`connect`](Self::connect) does.
    ///
    /// # Errors
    ///
    /// If the kernel refuses to watch it.
    #[track_caller]
    pub fn from_std(stream: std::net::TcpStream) -> Result<Self> {
        Socket::new(mio::net::TcpStream::from_std(stream)).map(Self)
    }

    /// Reads what is there, at most `buffer` full; 0 at the end of the stream. Cancel safe:
    /// dropped, it has read nothing.
    ///
    /// # Errors
    ///
    /// Those of `recv`, and after the runtime has been shut down.
    pub async fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        poll_fn(|cx| self.poll_read(cx, buffer)).await
    }

    /// Fills `buffer`. Not cancel safe: dropped, it may have read a part.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); `UnexpectedEof` if the stream ends before.
    pub async fn read_exact(&mut self, mut buffer: &mut [u8]) -> Result<()> {
        while !buffer.is_empty() {
            match self.read(buffer).await? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                read => buffer = &mut buffer[read..],
            }
        }
        Ok(())
    }

    /// Writes as much of `buffer` as the kernel takes. Cancel safe: dropped, it has written
    /// nothing.
    ///
    /// # Errors
    ///
    /// Those of `send`, and after the runtime has been shut down.
    pub async fn write(&mut self, buffer: &[u8]) -> Result<usize> {
        poll_fn(|cx| self.poll_write(cx, buffer)).await
    }

    /// Writes all of `buffer`. Not cancel safe: dropped, it may have written a part.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub async fn write_all(&mut self, mut buffer: &[u8]) -> Result<()> {
        while !buffer.is_empty() {
            match self.write(buffer).await? {
                0 => return Err(ErrorKind::WriteZero.into()),
                written => buffer = &buffer[written..],
            }
        }
        Ok(())
    }

    /// Tells the peer that no more will come; reading goes on.
    ///
    /// # Errors
    ///
    /// Those of `shutdown`.
    pub async fn shutdown(&mut self) -> Result<()> {
        self.close()
    }

    pub(super) fn close(&self) -> Result<()> {
        match self.0.source.shutdown(Shutdown::Write) {
            // The peer was faster.
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(()),
            result => result,
        }
    }

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

    /// As [`readable`](Self::readable), for one task: of several the last to call is woken.
    pub fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll(cx, Direction::Read, |_stream| Ok(()))
    }

    /// As [`writable`](Self::writable), for one task: of several the last to call is woken.
    pub fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll(cx, Direction::Write, |_stream| Ok(()))
    }

    /// Reads if something is there.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if nothing is, else as [`read`](Self::read).
    pub fn try_read(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.attempt_bytes(Direction::Read, buffer.len(), |mut stream| stream.read(buffer))
    }

    /// Writes if the kernel has room.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if it has not, else as [`write`](Self::write).
    pub fn try_write(&self, buffer: &[u8]) -> Result<usize> {
        self.0.attempt_bytes(Direction::Write, buffer.len(), |mut stream| stream.write(buffer))
    }

    /// Whether small writes are sent at once (`TCP_NODELAY`) instead of waiting for the answer to
    /// the last.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_nodelay(&self, at_once: bool) -> Result<()> {
        self.0.source.set_nodelay(at_once)
    }

    /// # Errors
    ///
    /// Those of `getsockname`.
    pub fn local_addr(&self) -> Result<SocketAddr> {
        self.0.source.local_addr()
    }

    /// # Errors
    ///
    /// Those of `getpeername`.
    pub fn peer_addr(&self) -> Result<SocketAddr> {
        self.0.source.peer_addr()
    }

    pub(super) fn poll_read(&self, cx: &mut Context<'_>, to: &mut [u8]) -> Poll<Result<usize>> {
        self.0.poll_bytes(cx, Direction::Read, to.len(), |mut stream| stream.read(to))
    }

    pub(super) fn poll_write(&self, cx: &mut Context<'_>, from: &[u8]) -> Poll<Result<usize>> {
        self.0.poll_bytes(cx, Direction::Write, from.len(), |mut stream| stream.write(from))
    }

    #[cfg(any(feature = "futures-io", feature = "tokio-io"))]
    pub(super) fn poll_write_vectored(
        &self,
        cx: &mut Context<'_>,
        from: &[std::io::IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        // A part proves nothing: of more than 1,024 slices the kernel takes no more at a time.
        self.0.poll(cx, Direction::Write, |mut stream| stream.write_vectored(from))
    }
}
