//! Options of a connection, and its two ends.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`.

use super::TcpStream;
use socket2::SockRef;
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::time::Duration;

impl TcpStream {
    /// Whether small writes are sent at once (`TCP_NODELAY`) instead of waiting for the answer to
    /// the last.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_nodelay(&self, at_once: bool) -> Result<()> {
        self.0.source.set_nodelay(at_once)
    }

    /// Whether small writes are sent at once.
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn nodelay(&self) -> Result<bool> {
        self.0.source.nodelay()
    }

    /// How long a close waits for what the peer has not acknowledged (`SO_LINGER`). `None`, the
    /// default: the close returns at once, and the kernel goes on sending.
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn linger(&self) -> Result<Option<Duration>> {
        SockRef::from(&self.0.source).linger()
    }

    /// Lets a close wait for so long, in whole seconds. It waits in the drop, which holds the worker
    /// and all its tasks: [`shutdown`](Self::shutdown), and a read until 0, wait without that.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    #[deprecated = "`SO_LINGER` causes the socket to block the thread on drop"]
    pub fn set_linger(&self, limit: Option<Duration>) -> Result<()> {
        SockRef::from(&self.0.source).set_linger(limit)
    }

    /// Lets a close throw away what has not been sent, and reset the connection: the peer's next read
    /// is an error. It never waits.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_zero_linger(&self) -> Result<()> {
        SockRef::from(&self.0.source).set_linger(Some(Duration::ZERO))
    }

    /// Routers that a packet passes at most.
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn ttl(&self) -> Result<u32> {
        self.0.source.ttl()
    }

    /// Sets how many routers a packet passes at most.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_ttl(&self, routers: u32) -> Result<()> {
        self.0.source.set_ttl(routers)
    }

    /// Takes the error that the kernel keeps for this socket (`SO_ERROR`), if there is one.
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn take_error(&self) -> Result<Option<Error>> {
        self.0.source.take_error()
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
}
