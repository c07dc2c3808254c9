//! The same operations, for futures written by hand.
//!
//! Each is for one task: if several poll the same direction, only the last one is woken. The `async`
//! methods of [`UdpSocket`] let any number of tasks wait.
//!
//! Tokio's counterpart: `tokio/src/net/udp.rs`. There the methods that receive fill a `ReadBuf`; here
//! they return the length.

use super::UdpSocket;
use crate::runtime::io::readiness::Direction;
use std::io::Result;
use std::net::SocketAddr;
use std::task::{Context, Poll};

impl UdpSocket {
    /// Is ready when a datagram is there.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// poll_fn(|cx| other.poll_recv_ready(cx)).await?;
    /// assert_eq!(other.try_recv(&mut [0; 8])?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    pub fn poll_recv_ready(&self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll(cx, Direction::Read, |_socket| Ok(()))
    }

    /// Is ready when there is room for a datagram.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// poll_fn(|cx| one.poll_send_ready(cx)).await?;
    /// assert_eq!(one.try_send(b"ping")?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    pub fn poll_send_ready(&self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll(cx, Direction::Write, |_socket| Ok(()))
    }

    /// As [`recv`](Self::recv).
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// assert_eq!(poll_fn(|cx| other.poll_recv(cx, &mut [0; 8])).await?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub fn poll_recv(&self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<Result<usize>> {
        self.0.poll(cx, Direction::Read, |socket| socket.recv(buffer))
    }

    /// As [`recv_from`](Self::recv_from).
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// let (length, sender) = poll_fn(|cx| other.poll_recv_from(cx, &mut [0; 8])).await?;
    /// assert_eq!((length, sender), (4, one.local_addr()?));
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub fn poll_recv_from(
        &self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<(usize, SocketAddr)>> {
        self.0.poll(cx, Direction::Read, |socket| socket.recv_from(buffer))
    }

    /// As [`send`](Self::send).
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// assert_eq!(poll_fn(|cx| one.poll_send(cx, b"ping")).await?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn poll_send(&self, cx: &mut Context<'_>, datagram: &[u8]) -> Poll<Result<usize>> {
        self.0.poll(cx, Direction::Write, |socket| socket.send(datagram))
    }

    /// As [`send_to`](Self::send_to), to one address.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// let target = other.local_addr()?;
    /// assert_eq!(poll_fn(|cx| one.poll_send_to(cx, b"ping", target)).await?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn poll_send_to(
        &self,
        cx: &mut Context<'_>,
        datagram: &[u8],
        target: SocketAddr,
    ) -> Poll<Result<usize>> {
        self.0.poll(cx, Direction::Write, |socket| socket.send_to(datagram, target))
    }
}
