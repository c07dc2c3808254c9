//! UDP: datagrams, whole or cut off. Each one read is no sign that it was the last, so only
//! `WouldBlock` clears readiness.
//!
//! Tokio's counterpart: `tokio/src/net/udp.rs`. There also multicast.

mod poll;
mod peek;

use super::{Socket, ToSocketAddrs, address, non_blocking};
use crate::runtime::io::readiness::Direction;
use std::io::Result;
use std::net::SocketAddr;

/// All methods take `&self`: behind an `Arc` any number of tasks may send and receive at once.
#[derive(Debug)]
pub struct UdpSocket(pub(super) Socket<mio::net::UdpSocket>);

impl UdpSocket {
    /// Binds to the first of the addresses that can be had. Port 0: any free one.
    ///
    /// # Errors
    ///
    /// That of the last address tried; `InvalidInput` if there is none.
    ///
    /// # Panics
    ///
    /// Outside the context of a runtime.
    pub async fn bind(address: impl ToSocketAddrs) -> Result<Self> {
        let socket = address::first(address, mio::net::UdpSocket::bind).await?;
        Socket::new(socket).map(Self)
    }

    /// Takes over a socket that has been made non-blocking.
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
    pub fn from_std(socket: std::net::UdpSocket) -> Result<Self> {
        non_blocking(&socket)?;
        Socket::new(mio::net::UdpSocket::from_std(socket)).map(Self)
    }

    /// From now on [`send`](Self::send) sends there, and only what comes from there is received.
    ///
    /// # Errors
    ///
    /// That of the last address tried; `InvalidInput` if there is none.
    pub async fn connect(&self, address: impl ToSocketAddrs) -> Result<()> {
        address::first(address, |address| self.0.source.connect(address)).await
    }

    /// Sends one datagram to the connected address. Cancel safe: dropped, it has sent nothing.
    ///
    /// # Errors
    ///
    /// Those of `send`, and after the runtime has been shut down.
    pub async fn send(&self, datagram: &[u8]) -> Result<usize> {
        self.0.wait(Direction::Write, |socket| socket.send(datagram)).await
    }

    /// Receives one datagram; what does not fit is lost. Cancel safe: dropped, it has taken none.
    ///
    /// # Errors
    ///
    /// Those of `recv`: also that an earlier datagram was refused. And after the runtime has been
    /// shut down.
    pub async fn recv(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.wait(Direction::Read, |socket| socket.recv(buffer)).await
    }

    /// Sends one datagram to the first address of `target`. Cancel safe: dropped, it has sent
    /// nothing.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); `InvalidInput` if there is no address.
    pub async fn send_to(&self, datagram: &[u8], target: impl ToSocketAddrs) -> Result<usize> {
        let target = address::resolve(target).await?.next().ok_or_else(address::none)?;
        self.0.wait(Direction::Write, |socket| socket.send_to(datagram, target)).await
    }

    /// As [`recv`](Self::recv), and says from whom.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub async fn recv_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr)> {
        self.0.wait(Direction::Read, |socket| socket.recv_from(buffer)).await
    }

    /// Waits until a `try_recv` is worth trying. Any number of tasks may wait at once.
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    pub async fn readable(&self) -> Result<()> {
        self.0.ready(Direction::Read).await
    }

    /// Waits until a `try_send` is worth trying. Any number of tasks may wait at once.
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    pub async fn writable(&self) -> Result<()> {
        self.0.ready(Direction::Write).await
    }

    /// # Errors
    ///
    /// `WouldBlock` if the kernel has no room, else as [`send`](Self::send).
    pub fn try_send(&self, datagram: &[u8]) -> Result<usize> {
        self.0.attempt(Direction::Write, |socket| socket.send(datagram))
    }

    /// # Errors
    ///
    /// `WouldBlock` if there is no datagram, else as [`recv`](Self::recv).
    pub fn try_recv(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.attempt(Direction::Read, |socket| socket.recv(buffer))
    }

    /// # Errors
    ///
    /// `WouldBlock` if the kernel has no room, else as [`send`](Self::send).
    pub fn try_send_to(&self, datagram: &[u8], target: SocketAddr) -> Result<usize> {
        self.0.attempt(Direction::Write, |socket| socket.send_to(datagram, target))
    }

    /// # Errors
    ///
    /// `WouldBlock` if there is no datagram, else as [`recv`](Self::recv).
    pub fn try_recv_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr)> {
        self.0.attempt(Direction::Read, |socket| socket.recv_from(buffer))
    }

    /// Whether datagrams may go to a broadcast address (`SO_BROADCAST`).
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn broadcast(&self) -> Result<bool> {
        self.0.source.broadcast()
    }

    /// Lets datagrams go to a broadcast address. Without it such a send is `PermissionDenied`.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_broadcast(&self, allowed: bool) -> Result<()> {
        self.0.source.set_broadcast(allowed)
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
