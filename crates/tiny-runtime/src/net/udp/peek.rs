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
    /// As [`recv`](Self::recv), but leaves the datagram there: the next receive returns it again.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// assert_eq!(other.peek(&mut [0; 8]).await?, 4);
    /// assert_eq!(other.recv(&mut [0; 8]).await?, 4); // it is still there
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    ///
    /// # Cancel safety
    ///
    /// It takes nothing, whether it is dropped or not.
    pub async fn peek(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.wait(Direction::Read, |socket| socket.peek(buffer)).await
    }

    /// As [`peek`](Self::peek), for one task: if several poll, only the last one is woken.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// assert_eq!(poll_fn(|cx| other.poll_peek(cx, &mut [0; 8])).await?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub fn poll_peek(&self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<Result<usize>> {
        self.0.poll(cx, Direction::Read, |socket| socket.peek(buffer))
    }

    /// As [`peek`](Self::peek), without waiting.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// other.readable().await?;
    /// assert_eq!(other.try_peek(&mut [0; 8])?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no datagram, else as [`recv`](Self::recv).
    pub fn try_peek(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.attempt(Direction::Read, |socket| socket.peek(buffer))
    }

    /// As [`peek`](Self::peek), and returns the sender's address as well.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// assert_eq!(other.peek_from(&mut [0; 8]).await?, (4, one.local_addr()?));
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    ///
    /// # Cancel safety
    ///
    /// It takes nothing, whether it is dropped or not.
    pub async fn peek_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr)> {
        self.0.wait(Direction::Read, |socket| socket.peek_from(buffer)).await
    }

    /// As [`peek_from`](Self::peek_from), for one task: if several poll, only the last one is woken.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// let (length, sender) = poll_fn(|cx| other.poll_peek_from(cx, &mut [0; 8])).await?;
    /// assert_eq!((length, sender), (4, one.local_addr()?));
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub fn poll_peek_from(
        &self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<(usize, SocketAddr)>> {
        self.0.poll(cx, Direction::Read, |socket| socket.peek_from(buffer))
    }

    /// As [`peek_from`](Self::peek_from), without waiting.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// other.readable().await?;
    /// assert_eq!(other.try_peek_from(&mut [0; 8])?, (4, one.local_addr()?));
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no datagram, else as [`recv`](Self::recv).
    pub fn try_peek_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr)> {
        self.0.attempt(Direction::Read, |socket| socket.peek_from(buffer))
    }

    /// Waits for a datagram, and returns its sender's address.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// assert_eq!(other.peek_sender().await?, one.local_addr()?);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    ///
    /// # Cancel safety
    ///
    /// It takes nothing, whether it is dropped or not.
    pub async fn peek_sender(&self) -> Result<SocketAddr> {
        Ok(self.peek_from(&mut [0]).await?.1)
    }

    /// As [`peek_sender`](Self::peek_sender), for one task: if several poll, only the last one is woken.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// assert_eq!(poll_fn(|cx| other.poll_peek_sender(cx)).await?, one.local_addr()?);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub fn poll_peek_sender(&self, cx: &mut Context<'_>) -> Poll<Result<SocketAddr>> {
        self.poll_peek_from(cx, &mut [0]).map_ok(|(_, sender)| sender)
    }

    /// As [`peek_sender`](Self::peek_sender), without waiting.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// other.readable().await?;
    /// assert_eq!(other.try_peek_sender()?, one.local_addr()?);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no datagram, else as [`recv`](Self::recv).
    pub fn try_peek_sender(&self) -> Result<SocketAddr> {
        Ok(self.try_peek_from(&mut [0])?.1)
    }
}
