//! Two halves become a connection again.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/split_owned.rs`.

use super::split::{OwnedReadHalf, OwnedWriteHalf};
use super::stream::TcpStream;
use std::sync::Arc;
use std::{error, fmt};

/// The halves belong to two connections. The error holds them.
///
/// ```
/// use tiny_runtime::net::tcp::ReuniteError;
/// # use tiny_runtime::net::{TcpListener, TcpStream};
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let listener = TcpListener::bind("127.0.0.1:0").await?;
/// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
/// # let (mut server, _) = listener.accept().await?;
/// let (reader, _) = client.into_split();
/// let (_, writer) = server.into_split();
/// let ReuniteError(mut reader, mut writer) = reader.reunite(writer).unwrap_err();
/// writer.write_all(b"pong").await?; // they still work
/// reader.read_exact(&mut [0; 4]).await?;
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct ReuniteError(pub OwnedReadHalf, pub OwnedWriteHalf);

impl OwnedReadHalf {
    /// Puts the connection together again.
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// let (reader, writer) = client.into_split();
    /// let mut client = reader.reunite(writer).unwrap();
    /// client.write_all(b"ping").await?;
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the halves belong to two connections. The error gives them back.
    pub fn reunite(self, writer: OwnedWriteHalf) -> std::result::Result<TcpStream, ReuniteError> {
        if !Arc::ptr_eq(&self.0, &writer.stream) {
            return Err(ReuniteError(self, writer));
        }
        writer.forget();
        Ok(Arc::into_inner(self.0).expect("there are two halves, and the other is gone"))
    }
}

impl OwnedWriteHalf {
    /// As [`OwnedReadHalf::reunite`].
    ///
    /// ```
    /// # use tiny_runtime::net::{TcpListener, TcpStream};
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut server, _) = listener.accept().await?;
    /// let (reader, writer) = client.into_split();
    /// let mut client = writer.reunite(reader).unwrap();
    /// client.write_all(b"ping").await?;
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the halves belong to two connections. The error gives them back.
    pub fn reunite(self, reader: OwnedReadHalf) -> std::result::Result<TcpStream, ReuniteError> {
        reader.reunite(self)
    }
}

impl fmt::Display for ReuniteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tried to reunite halves that are not from the same socket")
    }
}

impl error::Error for ReuniteError {}
