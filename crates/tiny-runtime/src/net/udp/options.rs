//! Options of a UDP socket, and its two ends.
//!
//! Tokio's counterpart: `tokio/src/net/udp.rs`.

use super::UdpSocket;
use std::io::Result;
use std::net::SocketAddr;

impl UdpSocket {
    /// Returns whether datagrams may go to a broadcast address (`SO_BROADCAST`).
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// assert!(!one.broadcast()?); // unless you set it
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn broadcast(&self) -> Result<bool> {
        self.0.source.broadcast()
    }

    /// Sets whether datagrams may go to a broadcast address. If not, such a send is `PermissionDenied`.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.set_broadcast(true)?;
    /// assert!(one.broadcast()?);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_broadcast(&self, allowed: bool) -> Result<()> {
        self.0.source.set_broadcast(allowed)
    }

    /// Returns the address to which it is bound.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// assert!(one.local_addr()?.ip().is_loopback());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `getsockname`.
    pub fn local_addr(&self) -> Result<SocketAddr> {
        self.0.source.local_addr()
    }

    /// Returns the address to which it is connected.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// assert_eq!(one.peer_addr()?, other.local_addr()?);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `getpeername`: `NotConnected` if it is not.
    pub fn peer_addr(&self) -> Result<SocketAddr> {
        self.0.source.peer_addr()
    }
}
