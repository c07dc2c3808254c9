//! The two halves of a connection, for two tasks.
//!
//! Both halves use the same socket, which has one place for a reader's waker and one for a writer's.
//! Borrowed halves cost nothing. Owned halves count, and the last one closes the socket.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/{split,split_owned}.rs`.

use super::stream::TcpStream;
use std::io::Result;
use std::sync::Arc;

/// Reads from a connection that is borrowed. Its methods are those of [`TcpStream`].
///
/// ```
/// # use tiny_runtime::net::{TcpListener, TcpStream};
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let listener = TcpListener::bind("127.0.0.1:0").await?;
/// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
/// # let (mut server, _) = listener.accept().await?;
/// let (mut reader, _) = server.split();
/// client.write_all(b"ping").await?;
/// let mut request = [0; 4];
/// reader.read_exact(&mut request).await?;
/// assert_eq!(&request, b"ping");
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct ReadHalf<'a>(&'a TcpStream);

/// Writes to a connection that is borrowed. Its methods are those of [`TcpStream`]. Its drop closes
/// nothing.
///
/// ```
/// # use tiny_runtime::net::{TcpListener, TcpStream};
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let listener = TcpListener::bind("127.0.0.1:0").await?;
/// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
/// # let (mut server, _) = listener.accept().await?;
/// let (_, mut writer) = client.split();
/// writer.write_all(b"ping").await?;
/// server.read_exact(&mut [0; 4]).await?;
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct WriteHalf<'a>(&'a TcpStream);

/// Reads from a connection that it shares with its [`OwnedWriteHalf`]. Its methods are those of
/// [`TcpStream`].
///
/// ```
/// use tiny_runtime::task::spawn;
/// # use tiny_runtime::net::{TcpListener, TcpStream};
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let listener = TcpListener::bind("127.0.0.1:0").await?;
/// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
/// # let (mut server, _) = listener.accept().await?;
/// let (mut reader, _writer) = server.into_split();
/// let reads = spawn(async move { reader.read_exact(&mut [0; 4]).await });
/// client.write_all(b"ping").await?;
/// reads.await??;
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct OwnedReadHalf(pub(super) Arc<TcpStream>);

/// Writes to a connection that it shares with its [`OwnedReadHalf`]. Its methods are those of
/// [`TcpStream`]. Its drop tells the peer that no more bytes will come; the other half can still read.
///
/// ```
/// # use tiny_runtime::net::{TcpListener, TcpStream};
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let listener = TcpListener::bind("127.0.0.1:0").await?;
/// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
/// # let (mut server, _) = listener.accept().await?;
/// let (reader, mut writer) = client.into_split();
/// writer.write_all(b"ping").await?;
/// drop(writer);
/// server.read_exact(&mut [0; 4]).await?;
/// assert_eq!(server.read(&mut [0]).await?, 0); // the end of the stream
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct OwnedWriteHalf {
    pub(super) stream: Arc<TcpStream>,
    shutdown_on_drop: bool,
}

impl TcpStream {
    /// Borrows the connection as two halves, for two futures of one task, as in a `join!`.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// let (mut reader, mut writer) = client.split();
    /// writer.write_all(b"ping").await?;
    /// server.write_all(b"pong").await?;
    /// let mut answer = [0; 4];
    /// reader.read_exact(&mut answer).await?;
    /// assert_eq!(&answer, b"pong");
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn split(&mut self) -> (ReadHalf<'_>, WriteHalf<'_>) {
        (ReadHalf(self), WriteHalf(self))
    }

    /// Splits the connection into two halves, for two tasks.
    ///
    /// ```
    /// use tiny_runtime::net::{TcpListener, TcpStream};
    /// use tiny_runtime::task::spawn;
    ///
    /// tiny_runtime::runtime::Runtime::new()?.block_on(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0").await?;
    ///     let client = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (mut echo, _) = listener.accept().await?;
    ///     let (mut reader, mut writer) = client.into_split();
    ///     let writes = spawn(async move { writer.write_all(b"ping").await });
    ///     let mut four = [0; 4];
    ///     echo.read_exact(&mut four).await?;
    ///     echo.write_all(&four).await?;
    ///     reader.read_exact(&mut four).await?;
    ///     assert_eq!(&four, b"ping");
    ///     writes.await?
    /// })
    /// # ?; std::io::Result::Ok(())
    /// ```
    pub fn into_split(self) -> (OwnedReadHalf, OwnedWriteHalf) {
        let stream = Arc::new(self);
        (OwnedReadHalf(stream.clone()), OwnedWriteHalf { stream, shutdown_on_drop: true })
    }
}

macro_rules! as_stream {
    ($($half:ty: $stream:tt;)*) => {$(
        impl AsRef<TcpStream> for $half {
            fn as_ref(&self) -> &TcpStream {
                &self.$stream
            }
        }
    )*};
}

as_stream!(ReadHalf<'_>: 0; WriteHalf<'_>: 0; OwnedReadHalf: 0; OwnedWriteHalf: stream;);

impl OwnedWriteHalf {
    /// Drops the half and tells the peer nothing. The connection closes with the other half.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// let (mut reader, writer) = client.into_split();
    /// writer.forget();
    /// server.write_all(b"pong").await?;
    /// reader.read_exact(&mut [0; 4]).await?;
    /// assert!(server.try_read(&mut [0]).is_err()); // `WouldBlock`, not the end of the stream
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn forget(mut self) {
        self.shutdown_on_drop = false;
    }

    pub(in crate::net) fn close(&mut self) -> Result<()> {
        self.stream.close().inspect(|()| self.shutdown_on_drop = false)
    }
}

impl WriteHalf<'_> {
    pub(in crate::net) fn close(&self) -> Result<()> {
        self.0.close()
    }
}

impl Drop for OwnedWriteHalf {
    fn drop(&mut self) {
        if self.shutdown_on_drop {
            // The connection may have ended already. A drop cannot report that.
            let _ = self.stream.close();
        }
    }
}
