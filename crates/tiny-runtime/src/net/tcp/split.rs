//! The two halves of a connection, for two tasks.
//!
//! Each half reads, or writes, through the same socket: it has one place for a reader's waker and one
//! for a writer's. Borrowed halves cost nothing; owned ones count, and the last closes the socket.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/{split,split_owned}.rs`.

use super::stream::TcpStream;
use crate::runtime::io::readiness::{Interest, Ready};
use std::future::poll_fn;
use std::io::{IoSlice, IoSliceMut, Result};
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Reads from a connection that is borrowed: see [`TcpStream::split`].
#[derive(Debug)]
pub struct ReadHalf<'a>(&'a TcpStream);

/// Writes to a connection that is borrowed: see [`TcpStream::split`]. Its drop closes nothing.
#[derive(Debug)]
pub struct WriteHalf<'a>(&'a TcpStream);

/// Reads from a connection: see [`TcpStream::into_split`].
#[derive(Debug)]
pub struct OwnedReadHalf(pub(super) Arc<TcpStream>);

/// Writes to a connection: see [`TcpStream::into_split`]. Dropped, it tells the peer that no more
/// will come; reading goes on.
#[derive(Debug)]
pub struct OwnedWriteHalf {
    pub(super) stream: Arc<TcpStream>,
    shutdown_on_drop: bool,
}

impl TcpStream {
    /// Lends the two halves, to be used at once: by `join!`, or one of them by a helper.
    pub fn split(&mut self) -> (ReadHalf<'_>, WriteHalf<'_>) {
        (ReadHalf(self), WriteHalf(self))
    }

    /// Takes the connection apart, for two tasks.
    ///
    /// ```
    /// use tiny_runtime::net::{TcpListener, TcpStream};
    /// use tiny_runtime::task::spawn;
    ///
    /// tiny_runtime::runtime::Runtime::new()?.block_on(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0").await?;
    ///     let client = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (mut echo, _) = listener.accept().await?;
    ///     let (mut reader, mut writer) = client.into_split();
    ///     let writes = spawn(async move { writer.write_all(b"ping").await });
    ///     let mut four = [0; 4];
    ///     echo.read_exact(&mut four).await?;
    ///     echo.write_all(&four).await?;
    ///     reader.read_exact(&mut four).await?;
    ///     assert_eq!(&four, b"ping");
    ///     writes.await?
    /// })
    /// # ?; std::io::Result::Ok(())
    /// ```
    pub fn into_split(self) -> (OwnedReadHalf, OwnedWriteHalf) {
        let stream = Arc::new(self);
        (OwnedReadHalf(stream.clone()), OwnedWriteHalf { stream, shutdown_on_drop: true })
    }
}

macro_rules! both {
    ($($half:ty: $stream:tt;)*) => {$(
        impl AsRef<TcpStream> for $half {
            fn as_ref(&self) -> &TcpStream {
                &self.$stream
            }
        }

        impl $half {
            /// As [`TcpStream::ready`].
            ///
            /// # Errors
            ///
            /// After the runtime has been shut down.
            pub async fn ready(&self, interest: Interest) -> Result<Ready> {
                self.as_ref().ready(interest).await
            }

            /// # Errors
            ///
            /// Those of `getsockname`.
            pub fn local_addr(&self) -> Result<SocketAddr> {
                self.as_ref().local_addr()
            }

            /// # Errors
            ///
            /// Those of `getpeername`.
            pub fn peer_addr(&self) -> Result<SocketAddr> {
                self.as_ref().peer_addr()
            }
        }
    )*};
}

/// Each method is that of the stream, errors and cancel safety included.
macro_rules! reads {
    ($($half:ty)*) => {$(
        impl $half {
            /// As [`TcpStream::read`].
            pub async fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
                poll_fn(|cx| self.poll_read(cx, buffer)).await
            }

            pub(in crate::net) fn poll_read(
                &self,
                cx: &mut Context<'_>,
                to: &mut [u8],
            ) -> Poll<Result<usize>> {
                self.as_ref().poll_read(cx, to)
            }

            /// As [`TcpStream::read_exact`].
            pub async fn read_exact(&mut self, buffer: &mut [u8]) -> Result<()> {
                self.as_ref().fill(buffer).await
            }

            /// As [`TcpStream::peek`].
            pub async fn peek(&mut self, buffer: &mut [u8]) -> Result<usize> {
                self.as_ref().peek(buffer).await
            }

            /// As [`TcpStream::readable`].
            pub async fn readable(&self) -> Result<()> {
                self.as_ref().readable().await
            }

            /// As [`TcpStream::try_read`].
            pub fn try_read(&self, buffer: &mut [u8]) -> Result<usize> {
                self.as_ref().try_read(buffer)
            }

            /// As [`TcpStream::try_read_vectored`].
            pub fn try_read_vectored(&self, buffers: &mut [IoSliceMut<'_>]) -> Result<usize> {
                self.as_ref().try_read_vectored(buffers)
            }
        }
    )*};
}

/// As above.
macro_rules! writes {
    ($($half:ty)*) => {$(
        impl $half {
            /// As [`TcpStream::write`].
            pub async fn write(&mut self, buffer: &[u8]) -> Result<usize> {
                poll_fn(|cx| self.poll_write(cx, buffer)).await
            }

            pub(in crate::net) fn poll_write(
                &self,
                cx: &mut Context<'_>,
                from: &[u8],
            ) -> Poll<Result<usize>> {
                self.as_ref().poll_write(cx, from)
            }

            #[cfg(any(feature = "futures-io", feature = "tokio-io"))]
            pub(in crate::net) fn poll_write_vectored(
                &self,
                cx: &mut Context<'_>,
                from: &[IoSlice<'_>],
            ) -> Poll<Result<usize>> {
                self.as_ref().poll_write_vectored(cx, from)
            }

            /// As [`TcpStream::write_all`].
            pub async fn write_all(&mut self, buffer: &[u8]) -> Result<()> {
                self.as_ref().put(buffer).await
            }

            /// As [`TcpStream::shutdown`].
            pub async fn shutdown(&mut self) -> Result<()> {
                self.close()
            }

            /// As [`TcpStream::writable`].
            pub async fn writable(&self) -> Result<()> {
                self.as_ref().writable().await
            }

            /// As [`TcpStream::try_write`].
            pub fn try_write(&self, buffer: &[u8]) -> Result<usize> {
                self.as_ref().try_write(buffer)
            }

            /// As [`TcpStream::try_write_vectored`].
            pub fn try_write_vectored(&self, buffers: &[IoSlice<'_>]) -> Result<usize> {
                self.as_ref().try_write_vectored(buffers)
            }
        }
    )*};
}

both!(ReadHalf<'_>: 0; WriteHalf<'_>: 0; OwnedReadHalf: 0; OwnedWriteHalf: stream;);
reads!(ReadHalf<'_> OwnedReadHalf);
writes!(WriteHalf<'_> OwnedWriteHalf);

impl OwnedWriteHalf {
    /// Drops the half without a word to the peer: the connection closes with the other half.
    pub fn forget(mut self) {
        self.shutdown_on_drop = false;
    }

    pub(in crate::net) fn close(&mut self) -> Result<()> {
        self.stream.close().inspect(|()| self.shutdown_on_drop = false)
    }
}

impl WriteHalf<'_> {
    pub(in crate::net) fn close(&self) -> Result<()> {
        self.0.close()
    }
}

impl Drop for OwnedWriteHalf {
    fn drop(&mut self) {
        if self.shutdown_on_drop {
            // The connection may have ended already, and nobody is here to be told.
            let _ = self.stream.close();
        }
    }
}
