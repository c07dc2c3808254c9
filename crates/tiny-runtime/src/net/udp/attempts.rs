//! Sending and receiving without waiting, and waiting without doing either.
//!
//! A `try_…` makes its system call only if the kernel has reported the socket ready.
//!
//! Tokio's counterpart: `tokio/src/net/udp.rs`.

use super::UdpSocket;
use crate::runtime::io::readiness::{Direction, Interest, Ready};
use std::io::Result;
use std::net::SocketAddr;

impl UdpSocket {
    /// Waits until [`try_recv`](Self::try_recv) is worth a try. Any number of tasks may wait at once.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// other.readable().await?;
    /// assert_eq!(other.try_recv(&mut [0; 8])?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    ///
    /// # Cancel safety
    ///
    /// It takes nothing, whether it is dropped or not.
    pub async fn readable(&self) -> Result<()> {
        self.0.ready(Direction::Read).await
    }

    /// Waits until [`try_send`](Self::try_send) is worth a try. Any number of tasks may wait at once.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.writable().await?;
    /// assert_eq!(one.try_send(b"ping")?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    ///
    /// # Cancel safety
    ///
    /// It takes nothing, whether it is dropped or not.
    pub async fn writable(&self) -> Result<()> {
        self.0.ready(Direction::Write).await
    }

    /// Waits for a datagram or for room, whichever comes first. The result says what is worth a try now.
    /// Any number of tasks may wait at once.
    ///
    /// ```
    /// use tiny_runtime::io::Interest;
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// let ready = one.ready(Interest::READABLE | Interest::WRITABLE).await?;
    /// assert!(ready.is_writable() && !ready.is_readable());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    ///
    /// # Cancel safety
    ///
    /// It takes nothing, whether it is dropped or not.
    pub async fn ready(&self, interest: Interest) -> Result<Ready> {
        self.0.ready_for(interest).await
    }

    /// Sends one datagram to the connected address.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.writable().await?;
    /// assert_eq!(one.try_send(b"ping")?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if the kernel has no room, else as [`send`](Self::send).
    pub fn try_send(&self, datagram: &[u8]) -> Result<usize> {
        self.0.attempt(Direction::Write, |socket| socket.send(datagram))
    }

    /// Receives one datagram, as [`recv`](Self::recv).
    ///
    /// ```
    /// use std::io::ErrorKind::WouldBlock;
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// let nothing = other.try_recv(&mut [0; 8]);
    /// assert_eq!(nothing.unwrap_err().kind(), WouldBlock);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no datagram, else as [`recv`](Self::recv).
    pub fn try_recv(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.attempt(Direction::Read, |socket| socket.recv(buffer))
    }

    /// Sends one datagram to `target`.
    ///
    /// ```
    /// use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// one.writable().await?;
    /// assert_eq!(one.try_send_to(b"ping", other.local_addr()?)?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if the kernel has no room, else as [`send`](Self::send).
    pub fn try_send_to(&self, datagram: &[u8], target: SocketAddr) -> Result<usize> {
        self.0.attempt(Direction::Write, |socket| socket.send_to(datagram, target))
    }

    /// Receives one datagram, and returns the sender's address as well.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// other.readable().await?;
    /// assert_eq!(other.try_recv_from(&mut [0; 8])?, (4, one.local_addr()?));
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no datagram, else as [`recv`](Self::recv).
    pub fn try_recv_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr)> {
        self.0.attempt(Direction::Read, |socket| socket.recv_from(buffer))
    }
}
