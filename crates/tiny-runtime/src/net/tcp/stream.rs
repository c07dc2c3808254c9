//! A TCP connection.
//!
//! Connecting is asynchronous by nature: the socket becomes writable when the attempt has ended,
//! well or badly, and only `SO_ERROR` tells which.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`. There also `TcpSocket`, for options before
//! connecting.

mod options;
mod ready;

use super::super::{Socket, ToSocketAddrs, address, non_blocking};
use crate::runtime::io::readiness::{Direction, READABLE, WRITABLE};
use std::future::poll_fn;
use std::io::{ErrorKind, Read, Result, Write};
use std::net::{Shutdown, SocketAddr};
use std::task::{Context, Poll};

/// A connection. Dropping it closes both halves.
#[derive(Debug)]
pub struct TcpStream(pub(in crate::net) Socket<mio::net::TcpStream>);

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
    pub(in crate::net) fn accepted(
        (stream, peer): (mio::net::TcpStream, SocketAddr),
    ) -> Result<(TcpStream, SocketAddr)> {
        let socket = Socket::new(stream)?;
        socket.io.assume_ready(READABLE | WRITABLE);
        Ok((Self(socket), peer))
    }

    /// Takes over a connection that has been made non-blocking.
    ///
    /// # Errors
    ///
    /// If the kernel refuses to watch it.
    ///
    /// # Panics
    ///
    /// As [`connect`](Self::connect); and in a debug build on Unix, if it blocks. Elsewhere it is made
    /// non-blocking.
    #[track_caller]
    pub fn from_std(stream: std::net::TcpStream) -> Result<Self> {
        non_blocking(&stream)?;
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
    pub async fn read_exact(&mut self, buffer: &mut [u8]) -> Result<()> {
        self.fill(buffer).await
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
    pub async fn write_all(&mut self, buffer: &[u8]) -> Result<()> {
        self.put(buffer).await
    }

    /// Reads what is there and leaves it there: the next read returns it again. Any number of tasks
    /// may wait at once. Cancel safe: it takes nothing in any case.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub async fn peek(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.wait(Direction::Read, |stream| stream.peek(buffer)).await
    }

    /// As [`peek`](Self::peek), for one task: of several the last to call is woken.
    pub fn poll_peek(&self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<Result<usize>> {
        self.0.poll(cx, Direction::Read, |stream| stream.peek(buffer))
    }

    /// Tells the peer that no more will come; reading goes on.
    ///
    /// # Errors
    ///
    /// Those of `shutdown`.
    pub async fn shutdown(&mut self) -> Result<()> {
        self.close()
    }

    pub(in crate::net) fn close(&self) -> Result<()> {
        match self.0.source.shutdown(Shutdown::Write) {
            // The peer was faster.
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(()),
            result => result,
        }
    }

    pub(super) async fn fill(&self, mut buffer: &mut [u8]) -> Result<()> {
        while !buffer.is_empty() {
            match poll_fn(|cx| self.poll_read(cx, buffer)).await? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                read => buffer = &mut buffer[read..],
            }
        }
        Ok(())
    }

    pub(super) async fn put(&self, mut buffer: &[u8]) -> Result<()> {
        while !buffer.is_empty() {
            match poll_fn(|cx| self.poll_write(cx, buffer)).await? {
                0 => return Err(ErrorKind::WriteZero.into()),
                written => buffer = &buffer[written..],
            }
        }
        Ok(())
    }

    pub(in crate::net) fn poll_read(
        &self,
        cx: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<Result<usize>> {
        self.0.poll_bytes(cx, Direction::Read, to.len(), |mut stream| stream.read(to))
    }

    pub(in crate::net) fn poll_write(
        &self,
        cx: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<Result<usize>> {
        self.0.poll_bytes(cx, Direction::Write, from.len(), |mut stream| stream.write(from))
    }

    #[cfg(any(feature = "futures-io", feature = "tokio-io"))]
    pub(in crate::net) fn poll_write_vectored(
        &self,
        cx: &mut Context<'_>,
        from: &[std::io::IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        // A part proves nothing: of more than 1,024 slices the kernel takes no more at a time.
        self.0.poll(cx, Direction::Write, |mut stream| stream.write_vectored(from))
    }
}
