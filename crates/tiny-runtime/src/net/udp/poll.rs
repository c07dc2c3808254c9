//! The same operations for futures made by hand.
//!
//! Each is for one task: of several that poll a direction, the last to call is woken. The methods of
//! [`UdpSocket`] that are `async` let any number of tasks wait.
//!
//! Tokio's counterpart: `tokio/src/net/udp.rs`. There those that receive fill a `ReadBuf`; here they
//! return the length.

use super::UdpSocket;
use crate::runtime::io::readiness::{Direction, Interest, Ready};
use std::io::Result;
use std::net::SocketAddr;
use std::task::{Context, Poll};

impl UdpSocket {
    /// Waits for a datagram or for room, whichever comes first, and says which. Any number of tasks
    /// may wait at once. Cancel safe: dropped, it takes nothing.
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    pub async fn ready(&self, interest: Interest) -> Result<Ready> {
        self.0.ready_for(interest).await
    }

    /// Ready when a datagram is there.
    pub fn poll_recv_ready(&self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll(cx, Direction::Read, |_socket| Ok(()))
    }

    /// Ready when there is room for one.
    pub fn poll_send_ready(&self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll(cx, Direction::Write, |_socket| Ok(()))
    }

    /// As [`recv`](Self::recv).
    pub fn poll_recv(&self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<Result<usize>> {
        self.0.poll(cx, Direction::Read, |socket| socket.recv(buffer))
    }

    /// As [`recv_from`](Self::recv_from).
    pub fn poll_recv_from(
        &self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<(usize, SocketAddr)>> {
        self.0.poll(cx, Direction::Read, |socket| socket.recv_from(buffer))
    }

    /// As [`send`](Self::send).
    pub fn poll_send(&self, cx: &mut Context<'_>, datagram: &[u8]) -> Poll<Result<usize>> {
        self.0.poll(cx, Direction::Write, |socket| socket.send(datagram))
    }

    /// As [`send_to`](Self::send_to).
    pub fn poll_send_to(
        &self,
        cx: &mut Context<'_>,
        datagram: &[u8],
        target: SocketAddr,
    ) -> Poll<Result<usize>> {
        self.0.poll(cx, Direction::Write, |socket| socket.send_to(datagram, target))
    }
}
