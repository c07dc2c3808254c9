//! Using a connection without waiting.
//!
//! Each method makes its system call only if the kernel has reported the connection ready. Only
//! `WouldBlock` ends that: after a partial read or write the connection still counts as ready, and the
//! next attempt asks the kernel.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/stream.rs`.

use super::TcpStream;
use crate::runtime::io::readiness::Direction;
use std::io::{IoSlice, IoSliceMut, Read, Result, Write};

impl TcpStream {
    /// Reads the bytes that are there. Returns 0 at the end of the stream.
    ///
    /// ```
    /// use std::io::ErrorKind::WouldBlock;
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// let nothing = client.try_read(&mut [0; 4]);
    /// assert_eq!(nothing.unwrap_err().kind(), WouldBlock);
    ///
    /// server.write_all(b"ping").await?;
    /// client.readable().await?;
    /// let mut buffer = [0; 4];
    /// assert!(client.try_read(&mut buffer)? > 0);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there are none, else as [`read`](Self::read).
    pub fn try_read(&self, buffer: &mut [u8]) -> Result<usize> {
        self.0.attempt(Direction::Read, |mut stream| stream.read(buffer))
    }

    /// Writes as much of `buffer` as the kernel has room for.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.writable().await?;
    /// assert_eq!(client.try_write(b"ping")?, 4);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no room, else as [`write`](Self::write).
    pub fn try_write(&self, buffer: &[u8]) -> Result<usize> {
        self.0.attempt(Direction::Write, |mut stream| stream.write(buffer))
    }

    /// As [`try_read`](Self::try_read), into several buffers, one after the other.
    ///
    /// ```
    /// use std::io::IoSliceMut;
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.write_all(b"ping").await?;
    /// server.readable().await?;
    /// let (mut one, mut two) = ([0; 1], [0; 8]);
    /// let read = server.try_read_vectored(&mut [IoSliceMut::new(&mut one), IoSliceMut::new(&mut two)])?;
    /// assert!(read > 0 && one[0] == b'p');
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_read`](Self::try_read).
    pub fn try_read_vectored(&self, buffers: &mut [IoSliceMut<'_>]) -> Result<usize> {
        self.0.attempt(Direction::Read, |mut stream| stream.read_vectored(buffers))
    }

    /// As [`try_write`](Self::try_write), from several buffers, one after the other.
    ///
    /// ```
    /// use std::io::IoSlice;
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// client.writable().await?;
    /// let (head, body) = (b"4\n", b"ping");
    /// assert_eq!(client.try_write_vectored(&[IoSlice::new(head), IoSlice::new(body)])?, 6);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_write`](Self::try_write).
    pub fn try_write_vectored(&self, buffers: &[IoSlice<'_>]) -> Result<usize> {
        self.0.attempt(Direction::Write, |mut stream| stream.write_vectored(buffers))
    }
}
