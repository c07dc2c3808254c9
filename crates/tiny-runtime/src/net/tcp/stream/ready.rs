//! Waiting for a connection without using it.
//!
//! Any number of tasks may wait by `readable`, `writable` and `ready`. The methods `poll_…` are for one
//! task: if several poll the same direction, only the last one is woken.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`.

use super::TcpStream;
use crate::runtime::io::readiness::{Direction, Interest, Ready};
use std::io::Result;
use std::task::{Context, Poll};

impl TcpStream {
    /// Waits until [`try_read`](Self::try_read) is worth a try. Any number of tasks may wait at once.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.write_all(b"ping").await?;
    /// server.readable().await?;
    /// assert_eq!(server.try_read(&mut [0; 1])?, 1);
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

    /// Waits until [`try_write`](Self::try_write) is worth a try. Any number of tasks may wait at once.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.writable().await?;
    /// assert_eq!(client.try_write(b"!")?, 1);
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

    /// Waits for bytes or for room, whichever comes first. The result says what is worth a try now. Any
    /// number of tasks may wait at once.
    ///
    /// ```
    /// use tiny_runtime::io::Interest;
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let client = TcpStream::connect(listener.local_addr()?).await?;
    /// let ready = client.ready(Interest::READABLE | Interest::WRITABLE).await?;
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

    /// As [`readable`](Self::readable), for one task.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.write_all(b"ping").await?;
    /// poll_fn(|cx| server.poll_read_ready(cx)).await?;
    /// assert_eq!(server.try_read(&mut [0; 1])?, 1);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    pub fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll(cx, Direction::Read, |_stream| Ok(()))
    }

    /// As [`writable`](Self::writable), for one task.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// poll_fn(|cx| client.poll_write_ready(cx)).await?;
    /// assert_eq!(client.try_write(b"!")?, 1);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// After the runtime has been shut down.
    pub fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll(cx, Direction::Write, |_stream| Ok(()))
    }
}
