//! A TCP listener.
//!
//! Its socket is readable while connections wait; accepting one is the read.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/listener.rs`.

use super::{Socket, TcpStream, ToSocketAddrs, address, non_blocking};
use crate::runtime::io::readiness::Direction;
use std::io::Result;
use std::net::SocketAddr;
use std::task::{Context, Poll, ready};

/// Accepts connections. Dropping it closes the port.
#[derive(Debug)]
pub struct TcpListener(pub(super) Socket<mio::net::TcpListener>);

impl TcpListener {
    /// Listens on the first of the addresses that can be had. Port 0: any free one. As in std and Tokio,
    /// 128 connections wait at most; the others try again after a second.
    ///
    /// # Errors
    ///
    /// That of the last address tried; `InvalidInput` if there is none.
    ///
    /// # Panics
    ///
    /// Outside the context of a runtime.
    pub async fn bind(address: impl ToSocketAddrs) -> Result<Self> {
        let listener = address::first(address, mio::net::TcpListener::bind).await?;
        Socket::new(listener).map(Self)
    }

    /// Takes over a listener that has been made non-blocking.
    ///
    /// # Errors
    ///
    /// If the kernel refuses to watch it.
    ///
    /// # Panics
    ///
    /// As [`bind`](Self::bind); and in a debug build on Unix, if it blocks. Elsewhere it is made
    /// non-blocking.
    #[track_caller]
    pub fn from_std(listener: std::net::TcpListener) -> Result<Self> {
        non_blocking(&listener)?;
        Socket::new(mio::net::TcpListener::from_std(listener)).map(Self)
    }

    /// Waits for the next connection. Cancel safe: dropped, it has accepted none.
    ///
    /// # Errors
    ///
    /// Those of this connection, or a want of file descriptors; the listener goes on listening. Who
    /// calls again at once without having closed anything may get the same error again.
    ///
    /// # Panics
    ///
    /// With a connection, which is lost, outside the context of a runtime: that is to serve it.
    pub async fn accept(&self) -> Result<(TcpStream, SocketAddr)> {
        TcpStream::accepted(self.0.wait(Direction::Read, |listener| listener.accept()).await?)
    }

    /// As [`accept`](Self::accept), for one task: of several the last to call is woken.
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<Result<(TcpStream, SocketAddr)>> {
        let accepted = ready!(self.0.poll(cx, Direction::Read, |listener| listener.accept()));
        Poll::Ready(accepted.and_then(TcpStream::accepted))
    }

    /// # Errors
    ///
    /// Those of `getsockname`.
    pub fn local_addr(&self) -> Result<SocketAddr> {
        self.0.source.local_addr()
    }
}
