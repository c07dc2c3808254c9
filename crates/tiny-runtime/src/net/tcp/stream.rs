//! A TCP connection.
//!
//! A socket that connects becomes writable when the attempt has ended, with or without success. Only
//! `SO_ERROR` says which.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`. There is also a `TcpSocket`, for options that
//! must be set before the socket connects.

mod reading;
mod writing;
mod ready;
mod attempts;
mod options;
mod ends;

use super::super::{Socket, ToSocketAddrs, address, non_blocking};
use crate::runtime::io::readiness::{Direction, READABLE, WRITABLE};
use std::future::poll_fn;
use std::io::{ErrorKind, Read, Result, Write};
use std::net::{Shutdown, SocketAddr};
use std::task::{Context, Poll};

/// A TCP connection. Its drop closes both directions.
///
/// ```
/// # use tiny_runtime::net::{TcpListener, TcpStream};
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let listener = TcpListener::bind("127.0.0.1:0").await?;
/// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
/// # let (mut server, _) = listener.accept().await?;
/// client.write_all(b"ping").await?;
/// drop(client);
/// let mut request = [0; 4];
/// server.read_exact(&mut request).await?;
/// assert_eq!(&request, b"ping");
/// assert_eq!(server.read(&mut request).await?, 0); // the end of the stream
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct TcpStream(pub(in crate::net) Socket<mio::net::TcpStream>);

impl TcpStream {
    /// Connects to an address. If there are several, tries them one after the other until one succeeds.
    ///
    /// ```
    /// use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let client = TcpStream::connect(listener.local_addr()?).await?;
    /// assert_eq!(client.peer_addr()?, listener.local_addr()?);
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
    /// A call that is dropped gives up the attempt.
    pub async fn connect(address: impl ToSocketAddrs) -> Result<Self> {
        let mut last = address::none();
        for address in address::resolve(address).await? {
            match Self::connect_to(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn connect_to(address: SocketAddr) -> Result<Self> {
        let stream = Self(Socket::new(mio::net::TcpStream::connect(address)?)?);
        stream.writable().await?;
        match stream.0.source.take_error()? {
            Some(error) => Err(error),
            None => Ok(stream),
        }
    }

    /// Registers a connection that a listener has accepted.
    ///
    /// It can be written to, and mostly the request is there already. So the first calls try at once: the
    /// kernel's report would come only after a driver poll.
    pub(in crate::net) fn accepted(
        (stream, peer): (mio::net::TcpStream, SocketAddr),
    ) -> Result<(TcpStream, SocketAddr)> {
        let socket = Socket::new(stream)?;
        socket.io.assume_ready(READABLE | WRITABLE);
        Ok((Self(socket), peer))
    }

    /// Converts a connection of std that has been made non-blocking.
    ///
    /// ```
    /// use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let client = std::net::TcpStream::connect(listener.local_addr()?)?;
    /// client.set_nonblocking(true)?;
    /// TcpStream::from_std(client)?.write_all(b"ping").await?;
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
    /// Outside of a runtime. In a debug build on Unix, also if the connection blocks; elsewhere it is
    /// made non-blocking.
    #[track_caller]
    pub fn from_std(stream: std::net::TcpStream) -> Result<Self> {
        non_blocking(&stream)?;
        Socket::new(mio::net::TcpStream::from_std(stream)).map(Self)
    }

    pub(in crate::net) fn close(&self) -> Result<()> {
        match self.0.source.shutdown(Shutdown::Write) {
            // The peer has closed it first.
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(()),
            result => result,
        }
    }

    pub(super) async fn fill(&self, mut buffer: &mut [u8]) -> Result<()> {
        while !buffer.is_empty() {
            match poll_fn(|cx| self.poll_read(cx, buffer)).await? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                read => buffer = &mut buffer[read..],
            }
        }
        Ok(())
    }

    pub(super) async fn put(&self, mut buffer: &[u8]) -> Result<()> {
        while !buffer.is_empty() {
            match poll_fn(|cx| self.poll_write(cx, buffer)).await? {
                0 => return Err(ErrorKind::WriteZero.into()),
                written => buffer = &buffer[written..],
            }
        }
        Ok(())
    }

    pub(in crate::net) fn poll_read(
        &self,
        cx: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<Result<usize>> {
        self.0.poll_bytes(cx, Direction::Read, to.len(), |mut stream| stream.read(to))
    }

    pub(in crate::net) fn poll_write(
        &self,
        cx: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<Result<usize>> {
        self.0.poll_bytes(cx, Direction::Write, from.len(), |mut stream| stream.write(from))
    }

    #[cfg(any(feature = "futures-io", feature = "tokio-io"))]
    pub(in crate::net) fn poll_write_vectored(
        &self,
        cx: &mut Context<'_>,
        from: &[std::io::IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        // A partial write proves nothing: the kernel takes at most 1,024 slices at a time.
        self.0.poll(cx, Direction::Write, |mut stream| stream.write_vectored(from))
    }
}
