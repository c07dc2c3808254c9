//! Two halves become a connection again.
//!
//! Tokio's counterpart: `tokio/src/net/tcp/split_owned.rs`.

use super::split::{OwnedReadHalf, OwnedWriteHalf};
use super::stream::TcpStream;
use std::sync::Arc;
use std::{error, fmt};

/// The halves are of two connections. Here they are.
#[derive(Debug)]
pub struct ReuniteError(pub OwnedReadHalf, pub OwnedWriteHalf);

impl OwnedReadHalf {
    /// Puts the connection together again.
    ///
    /// # Errors
    ///
    /// If the halves are of two connections. The error gives them back.
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
    /// # Errors
    ///
    /// As there.
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
