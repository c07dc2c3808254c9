//! UDP: datagrams, whole or cut off.
//!
//! A datagram that was read is no sign that it was the last one. So only `WouldBlock` clears readiness.
//!
//! Tokio's counterpart: `tokio/src/net/udp.rs`. There is also multicast.

mod attempts;
mod poll;
mod peek;
mod options;

use super::{Socket, ToSocketAddrs, address, non_blocking};
use crate::runtime::io::readiness::Direction;
use std::io::Result;
use std::net::SocketAddr;

/// Sends and receives datagrams.
///
/// All methods take `&self`: behind an `Arc` any number of tasks may send and receive at once.
///
/// ```
/// use tiny_runtime::net::UdpSocket;
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let server = UdpSocket::bind("127.0.0.1:0").await?;
/// let client = UdpSocket::bind("127.0.0.1:0").await?;
/// client.send_to(b"ping", server.local_addr()?).await?;
/// let mut buffer = [0; 1024];
/// let (length, sender) = server.recv_from(&mut buffer).await?;
/// assert_eq!((&buffer[..length], sender), (&b"ping"[..], client.local_addr()?));
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct UdpSocket(pub(super) Socket<mio::net::UdpSocket>);

impl UdpSocket {
    /// Binds to an address. If there are several, takes the first one that can be had. Port 0 stands for
    /// any free port.
    ///
    /// ```
    /// use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert_ne!(socket.local_addr()?.port(), 0); // a free one
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// The error of the last address tried. `InvalidInput` if there is no address.
    ///
    /// # Panics
    ///
    /// Outside of a runtime.
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped is bound to nothing.
    pub async fn bind(address: impl ToSocketAddrs) -> Result<Self> {
        let socket = address::first(address, mio::net::UdpSocket::bind).await?;
        Socket::new(socket).map(Self)
    }

    /// Converts a socket of std that has been made non-blocking.
    ///
    /// ```
    /// use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// socket.set_nonblocking(true)?;
    /// let socket = UdpSocket::from_std(socket)?;
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the kernel refuses to watch it.
    ///
    /// # Panics
    ///
    /// Outside of a runtime. In a debug build on Unix, also if the socket blocks; elsewhere it is made
    /// non-blocking.
    #[track_caller]
    pub fn from_std(socket: std::net::UdpSocket) -> Result<Self> {
        non_blocking(&socket)?;
        Socket::new(mio::net::UdpSocket::from_std(socket)).map(Self)
    }

    /// Connects to an address: from now on [`send`](Self::send) sends there, and only datagrams from there
    /// are received.
    ///
    /// ```
    /// use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let server = UdpSocket::bind("127.0.0.1:0").await?;
    /// let client = UdpSocket::bind("127.0.0.1:0").await?;
    /// client.connect(server.local_addr()?).await?;
    /// assert_eq!(client.send(b"ping").await?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// The error of the last address tried. `InvalidInput` if there is no address.
    ///
    /// # Cancel safety
    ///
    /// It waits only if it looks up a name. Dropped meanwhile, it has changed nothing.
    pub async fn connect(&self, address: impl ToSocketAddrs) -> Result<()> {
        address::first(address, |address| self.0.source.connect(address)).await
    }

    /// Sends one datagram to the connected address. Returns its length.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// assert_eq!(one.send(b"ping").await?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `send`, and an error after the runtime has been shut down.
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped has sent nothing.
    pub async fn send(&self, datagram: &[u8]) -> Result<usize> {
        self.0.wait(Direction::Write, |socket| socket.send(datagram)).await
    }

    /// Receives one datagram, and returns its length. Bytes that do not fit into `buffer` are lost.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// let mut buffer = [0; 2];
    /// assert_eq!(other.recv(&mut buffer).await?, 2);
    /// assert_eq!(&buffer, b"pi");
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `recv`, among them that an earlier datagram was refused; and an error after the runtime has
    /// been shut down.
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped has taken no datagram.
    pub async fn recv(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.wait(Direction::Read, |socket| socket.recv(buffer)).await
    }

    /// Sends one datagram to the first address of `target`. Returns its length.
    ///
    /// ```
    /// use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// assert_eq!(one.send_to(b"ping", other.local_addr()?).await?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send). `InvalidInput` if there is no address.
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped has sent nothing.
    pub async fn send_to(&self, datagram: &[u8], target: impl ToSocketAddrs) -> Result<usize> {
        let target = address::resolve(target).await?.next().ok_or_else(address::none)?;
        self.0.wait(Direction::Write, |socket| socket.send_to(datagram, target)).await
    }

    /// As [`recv`](Self::recv), and returns the sender's address as well.
    ///
    /// ```
    /// # use tiny_runtime::net::UdpSocket;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let (one, other) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    /// # one.connect(other.local_addr()?).await?;
    /// # other.connect(one.local_addr()?).await?;
    /// one.send(b"ping").await?;
    /// let (length, sender) = other.recv_from(&mut [0; 8]).await?;
    /// assert_eq!((length, sender), (4, one.local_addr()?));
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
    /// A call that is dropped has taken no datagram.
    pub async fn recv_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr)> {
        self.0.wait(Direction::Read, |socket| socket.recv_from(buffer)).await
    }
}
