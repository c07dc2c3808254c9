//! The methods of the halves: each is the stream's, errors and cancel safety included.
//!
//! The methods with `&mut self` use the slot of their direction, which no other half has. So a reader and
//! a writer in two tasks do not overwrite each other's waker.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/{split,split_owned}.rs`.

use super::split::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, WriteHalf};
use super::stream::TcpStream;
use crate::runtime::io::readiness::{Interest, Ready};
use std::future::poll_fn;
use std::io::{IoSlice, IoSliceMut, Result};
use std::net::SocketAddr;
use std::task::{Context, Poll};

macro_rules! both {
    ($($half:ty)*) => {$(
        impl $half {
            /// As [`TcpStream::ready`].
            ///
            /// # Errors
            ///
            /// After the runtime has been shut down.
            pub async fn ready(&self, interest: Interest) -> Result<Ready> {
                let stream: &TcpStream = self.as_ref();
                stream.ready(interest).await
            }

            /// As [`TcpStream::local_addr`].
            ///
            /// # Errors
            ///
            /// Those of `getsockname`.
            pub fn local_addr(&self) -> Result<SocketAddr> {
                self.as_ref().local_addr()
            }

            /// As [`TcpStream::peer_addr`].
            ///
            /// # Errors
            ///
            /// Those of `getpeername`.
            pub fn peer_addr(&self) -> Result<SocketAddr> {
                self.as_ref().peer_addr()
            }
        }
    )*};
}

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

both!(ReadHalf<'_> WriteHalf<'_> OwnedReadHalf OwnedWriteHalf);
reads!(ReadHalf<'_> OwnedReadHalf);
writes!(WriteHalf<'_> OwnedWriteHalf);
