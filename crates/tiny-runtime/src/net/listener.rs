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

/// Accepts TCP connections. Its drop closes the port.
///
/// ```
/// use tiny_runtime::net::{TcpListener, TcpStream};
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// let client = TcpStream::connect(listener.local_addr()?).await?;
/// let (server, address) = listener.accept().await?;
/// assert_eq!(address, client.local_addr()?);
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct TcpListener(pub(super) Socket<mio::net::TcpListener>);

impl TcpListener {
    /// Listens on an address. If there are several, takes the first one that can be had. Port 0 stands for
    /// any free port.
    ///
    /// At most 128 connections wait to be accepted, as with std and Tokio. The kernel of a further client
    /// tries again after a second.
    ///
    /// ```
    /// use tiny_runtime::net::TcpListener;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// assert_ne!(listener.local_addr()?.port(), 0); // a free one
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
    /// A call that is dropped listens on nothing.
    pub async fn bind(address: impl ToSocketAddrs) -> Result<Self> {
        let listener = address::first(address, mio::net::TcpListener::bind).await?;
        Socket::new(listener).map(Self)
    }

    /// Converts a listener of std that has been made non-blocking.
    ///
    /// ```
    /// use tiny_runtime::net::TcpListener;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// listener.set_nonblocking(true)?;
    /// let listener = TcpListener::from_std(listener)?;
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
    /// Outside of a runtime. In a debug build on Unix, also if the listener blocks; elsewhere it is made
    /// non-blocking.
    #[track_caller]
    pub fn from_std(listener: std::net::TcpListener) -> Result<Self> {
        non_blocking(&listener)?;
        Socket::new(mio::net::TcpListener::from_std(listener)).map(Self)
    }

    /// Waits for the next connection, and returns it with the address of its other end. Any number of
    /// tasks may wait at once.
    ///
    /// ```
    /// use tiny_runtime::{net::{TcpListener, TcpStream}, task::spawn};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let address = listener.local_addr()?;
    /// spawn(async move {
    ///     while let Ok((mut connection, _)) = listener.accept().await {
    ///         spawn(async move { connection.write_all(b"hello").await });
    ///     }
    /// });
    /// let mut greeting = [0; 5];
    /// TcpStream::connect(address).await?.read_exact(&mut greeting).await?;
    /// assert_eq!(&greeting, b"hello");
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of this one connection, or that there are no more file descriptors. The listener goes on
    /// listening. If you call again at once, and have closed nothing, you may get the same error again.
    ///
    /// # Panics
    ///
    /// Outside of a runtime, which the new connection needs. That connection is lost.
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped has accepted no connection.
    pub async fn accept(&self) -> Result<(TcpStream, SocketAddr)> {
        TcpStream::accepted(self.0.wait(Direction::Read, |listener| listener.accept()).await?)
    }

    /// As [`accept`](Self::accept), for one task: if several poll, only the last one is woken.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let client = TcpStream::connect(listener.local_addr()?).await?;
    /// let (server, address) = poll_fn(|cx| listener.poll_accept(cx)).await?;
    /// assert_eq!(address, client.local_addr()?);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`accept`](Self::accept).
    ///
    /// # Panics
    ///
    /// As [`accept`](Self::accept).
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<Result<(TcpStream, SocketAddr)>> {
        let accepted = ready!(self.0.poll(cx, Direction::Read, |listener| listener.accept()));
        Poll::Ready(accepted.and_then(TcpStream::accepted))
    }

    /// Returns the address on which it listens. After a bind to port 0 it names the port that the kernel
    /// has chosen.
    ///
    /// ```
    /// use tiny_runtime::net::TcpListener;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    /// assert!(listener.local_addr()?.ip().is_loopback());
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
}
