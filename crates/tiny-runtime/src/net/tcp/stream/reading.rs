//! Reading from a connection, and looking at what it has received.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`. There `read` and `read_exact` are methods of the
//! trait `AsyncReadExt`.

use super::TcpStream;
use crate::runtime::io::readiness::Direction;
use std::future::poll_fn;
use std::io::Result;
use std::task::{Context, Poll};

impl TcpStream {
    /// Waits for bytes, and reads at most as many as fit into `buffer`. Returns 0 at the end of the
    /// stream, or if `buffer` is empty.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.write_all(b"ping").await?;
    /// let mut buffer = [0; 1024];
    /// let read = server.read(&mut buffer).await?;
    /// assert_eq!(&buffer[..read], b"ping");
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `recv`, and an error after the runtime has been shut down.
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped has read nothing.
    pub async fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        poll_fn(|cx| self.poll_read(cx, buffer)).await
    }

    /// Reads until `buffer` is full.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.write_all(b"ping").await?;
    /// let mut buffer = [0; 4];
    /// server.read_exact(&mut buffer).await?;
    /// assert_eq!(&buffer, b"ping");
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read). `UnexpectedEof` if the stream ends first.
    ///
    /// # Cancel safety
    ///
    /// None: a call that is dropped may have read a part, which is lost.
    pub async fn read_exact(&mut self, buffer: &mut [u8]) -> Result<()> {
        self.fill(buffer).await
    }

    /// Waits for bytes, and copies them without taking them: the next read returns them again. Any number
    /// of tasks may wait at once.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.write_all(b"ping").await?;
    /// let mut buffer = [0; 4];
    /// server.peek(&mut buffer[..1]).await?;
    /// assert_eq!(buffer[0], b'p');
    /// server.read_exact(&mut buffer).await?;
    /// assert_eq!(&buffer, b"ping");
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    ///
    /// # Cancel safety
    ///
    /// It takes nothing, whether it is dropped or not.
    pub async fn peek(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.wait(Direction::Read, |stream| stream.peek(buffer)).await
    }

    /// As [`peek`](Self::peek), for one task: if several poll, only the last one is woken.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.write_all(b"ping").await?;
    /// let mut buffer = [0; 4];
    /// assert!(poll_fn(|cx| server.poll_peek(cx, &mut buffer)).await? > 0);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn poll_peek(&self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<Result<usize>> {
        self.0.poll(cx, Direction::Read, |stream| stream.peek(buffer))
    }
}
