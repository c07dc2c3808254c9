//! The I/O traits of `futures` and of Tokio for `TcpStream` and its halves, so that other crates can use
//! them.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`. It passes uninitialized memory to the kernel. Here
//! the memory is zeroed first, so no `unsafe` is needed.

use super::TcpStream;
use super::tcp::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, WriteHalf};
use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};

#[cfg(feature = "futures-io")]
macro_rules! futures_reads {
    ($($io:ty)*) => {$(
        impl futures_io::AsyncRead for $io {
            fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, to: &mut [u8]) -> Poll<Result<usize>> {
                <$io>::poll_read(&self, cx, to)
            }
        }
    )*};
}

#[cfg(feature = "futures-io")]
macro_rules! futures_writes {
    ($($io:ty)*) => {$(
        impl futures_io::AsyncWrite for $io {
            fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<Result<usize>> {
                <$io>::poll_write(&self, cx, from)
            }

            fn poll_write_vectored(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                from: &[IoSlice<'_>],
            ) -> Poll<Result<usize>> {
                <$io>::poll_write_vectored(&self, cx, from)
            }

            /// Does nothing: the kernel has all bytes already.
            fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Result<()>> {
                Poll::Ready(Ok(()))
            }

            fn poll_close(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Result<()>> {
                Poll::Ready(self.get_mut().close())
            }
        }
    )*};
}

#[cfg(feature = "tokio-io")]
macro_rules! tokio_reads {
    ($($io:ty)*) => {$(
        impl tokio::io::AsyncRead for $io {
            fn poll_read(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                to: &mut tokio::io::ReadBuf<'_>,
            ) -> Poll<Result<()>> {
                let read = std::task::ready!(<$io>::poll_read(&self, cx, to.initialize_unfilled()))?;
                to.advance(read);
                Poll::Ready(Ok(()))
            }
        }
    )*};
}

#[cfg(feature = "tokio-io")]
macro_rules! tokio_writes {
    ($($io:ty)*) => {$(
        impl tokio::io::AsyncWrite for $io {
            fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<Result<usize>> {
                <$io>::poll_write(&self, cx, from)
            }

            fn poll_write_vectored(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                from: &[IoSlice<'_>],
            ) -> Poll<Result<usize>> {
                <$io>::poll_write_vectored(&self, cx, from)
            }

            fn is_write_vectored(&self) -> bool {
                true
            }

            /// Does nothing: the kernel has all bytes already.
            fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Result<()>> {
                Poll::Ready(Ok(()))
            }

            fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Result<()>> {
                Poll::Ready(self.get_mut().close())
            }
        }
    )*};
}

#[cfg(feature = "futures-io")]
futures_reads!(TcpStream ReadHalf<'_> OwnedReadHalf);
#[cfg(feature = "futures-io")]
futures_writes!(TcpStream WriteHalf<'_> OwnedWriteHalf);
#[cfg(feature = "tokio-io")]
tokio_reads!(TcpStream ReadHalf<'_> OwnedReadHalf);
#[cfg(feature = "tokio-io")]
tokio_writes!(TcpStream WriteHalf<'_> OwnedWriteHalf);
