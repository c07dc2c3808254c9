//! Looking at a datagram without taking it.
//!
//! Tokio's counterpart: `tokio/src/net/udp.rs`. There `poll_*` methods fill a `ReadBuf`; here they
//! return the length.

use super::UdpSocket;
use crate::runtime::io::readiness::Direction;
use std::io::Result;
use std::net::SocketAddr;
use std::task::{Context, Poll};

impl UdpSocket {
    /// As [`recv`](Self::recv), and leaves the datagram there: the next receive returns it again.
    /// Cancel safe: it takes nothing in any case.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub async fn peek(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.wait(Direction::Read, |socket| socket.peek(buffer)).await
    }

    /// As [`peek`](Self::peek), for one task: of several the last to call is woken.
    pub fn poll_peek(&self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<Result<usize>> {
        self.0.poll(cx, Direction::Read, |socket| socket.peek(buffer))
    }

    /// # Errors
    ///
    /// `WouldBlock` if there is no datagram, else as [`recv`](Self::recv).
    pub fn try_peek(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.attempt(Direction::Read, |socket| socket.peek(buffer))
    }

    /// As [`peek`](Self::peek), and says from whom it is.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub async fn peek_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr)> {
        self.0.wait(Direction::Read, |socket| socket.peek_from(buffer)).await
    }

    /// As [`peek_from`](Self::peek_from), for one task: of several the last to call is woken.
    pub fn poll_peek_from(
        &self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<(usize, SocketAddr)>> {
        self.0.poll(cx, Direction::Read, |socket| socket.peek_from(buffer))
    }

    /// # Errors
    ///
    /// `WouldBlock` if there is no datagram, else as [`recv`](Self::recv).
    pub fn try_peek_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr)> {
        self.0.attempt(Direction::Read, |socket| socket.peek_from(buffer))
    }

    /// Waits for a datagram and says from whom it is.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub async fn peek_sender(&self) -> Result<SocketAddr> {
        Ok(self.peek_from(&mut [0]).await?.1)
    }

    /// As [`peek_sender`](Self::peek_sender), for one task: of several the last to call is woken.
    pub fn poll_peek_sender(&self, cx: &mut Context<'_>) -> Poll<Result<SocketAddr>> {
        self.poll_peek_from(cx, &mut [0]).map_ok(|(_, sender)| sender)
    }

    /// # Errors
    ///
    /// `WouldBlock` if there is no datagram, else as [`recv`](Self::recv).
    pub fn try_peek_sender(&self) -> Result<SocketAddr> {
        Ok(self.try_peek_from(&mut [0])?.1)
    }
}
