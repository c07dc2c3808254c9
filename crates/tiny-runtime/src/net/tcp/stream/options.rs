//! Options of a connection.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`.

use super::TcpStream;
use socket2::SockRef;
use std::io::Result;
use std::time::Duration;

impl TcpStream {
    /// Sets whether small writes are sent at once (`TCP_NODELAY`). If not, the kernel may hold them until
    /// the peer has acknowledged what was sent before.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let client = TcpStream::connect(listener.local_addr()?).await?;
    /// client.set_nodelay(true)?;
    /// assert!(client.nodelay()?);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_nodelay(&self, at_once: bool) -> Result<()> {
        self.0.source.set_nodelay(at_once)
    }

    /// Returns whether small writes are sent at once.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let client = TcpStream::connect(listener.local_addr()?).await?;
    /// assert!(!client.nodelay()?); // unless you set it
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn nodelay(&self) -> Result<bool> {
        self.0.source.nodelay()
    }

    /// Returns how long a close waits for the peer to acknowledge what was sent (`SO_LINGER`). `None`, the
    /// default: the close returns at once, and the kernel goes on sending.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let client = TcpStream::connect(listener.local_addr()?).await?;
    /// assert_eq!(client.linger()?, None);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn linger(&self) -> Result<Option<Duration>> {
        SockRef::from(&self.0.source).linger()
    }

    /// Sets how long a close waits, in whole seconds.
    ///
    /// The drop closes, so it is the drop that waits: it holds the worker and all its tasks. Instead,
    /// call [`shutdown`](Self::shutdown) and read until 0, which waits without holding anything.
    ///
    /// ```
    /// use std::time::Duration;
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let client = TcpStream::connect(listener.local_addr()?).await?;
    /// #[allow(deprecated)]
    /// client.set_linger(Some(Duration::from_secs(2)))?;
    /// assert_eq!(client.linger()?, Some(Duration::from_secs(2)));
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    #[deprecated = "`SO_LINGER` causes the socket to block the thread on drop"]
    pub fn set_linger(&self, limit: Option<Duration>) -> Result<()> {
        SockRef::from(&self.0.source).set_linger(limit)
    }

    /// Makes a close throw away what has not been sent, and reset the connection. The close never waits,
    /// and the peer's next read is an error.
    ///
    /// ```
    /// use std::io::ErrorKind::ConnectionReset;
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.set_zero_linger()?;
    /// drop(client);
    /// assert_eq!(server.read(&mut [0]).await.unwrap_err().kind(), ConnectionReset);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_zero_linger(&self) -> Result<()> {
        SockRef::from(&self.0.source).set_linger(Some(Duration::ZERO))
    }

    /// Returns how many routers a packet may pass.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let client = TcpStream::connect(listener.local_addr()?).await?;
    /// assert!(client.ttl()? > 0);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn ttl(&self) -> Result<u32> {
        self.0.source.ttl()
    }

    /// Sets how many routers a packet may pass.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let client = TcpStream::connect(listener.local_addr()?).await?;
    /// client.set_ttl(16)?;
    /// assert_eq!(client.ttl()?, 16);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_ttl(&self, routers: u32) -> Result<()> {
        self.0.source.set_ttl(routers)
    }
}
