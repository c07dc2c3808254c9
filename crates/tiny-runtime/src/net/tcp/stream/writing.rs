//! Writing to a connection, and ending that direction.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`. There these are methods of the trait
//! `AsyncWriteExt`.

use super::TcpStream;
use std::future::poll_fn;
use std::io::Result;

impl TcpStream {
    /// Waits until the kernel has room, and writes as much of `buffer` as fits. Returns how many bytes
    /// that were.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// let written = client.write(b"ping").await?;
    /// assert!((1..=4).contains(&written));
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
    /// A call that is dropped has written nothing.
    pub async fn write(&mut self, buffer: &[u8]) -> Result<usize> {
        poll_fn(|cx| self.poll_write(cx, buffer)).await
    }

    /// Writes all of `buffer`.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.write_all(b"ping").await?;
    /// let mut request = [0; 4];
    /// server.read_exact(&mut request).await?;
    /// assert_eq!(&request, b"ping");
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    ///
    /// # Cancel safety
    ///
    /// None: a call that is dropped may have written a part, and does not say how much.
    pub async fn write_all(&mut self, buffer: &[u8]) -> Result<()> {
        self.put(buffer).await
    }

    /// Tells the peer that no more bytes will come. You can still read.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.shutdown().await?;
    /// assert_eq!(server.read(&mut [0]).await?, 0); // the end of the stream
    /// server.write_all(b"pong").await?;
    /// let mut answer = [0; 4];
    /// client.read_exact(&mut answer).await?;
    /// assert_eq!(&answer, b"pong");
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `shutdown`.
    ///
    /// # Cancel safety
    ///
    /// It never waits.
    pub async fn shutdown(&mut self) -> Result<()> {
        self.close()
    }
}
