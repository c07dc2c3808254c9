//! The descriptors behind the sockets, for options that this crate lacks.
//!
//! A descriptor is lent: it belongs to its socket, which relies on it to stay open and non-blocking.
//!
//! Tokio's counterpart: the ends of `tokio/src/net/tcp/stream.rs` and the files beside it.

use super::{TcpListener, TcpStream, UdpSocket};

#[cfg(unix)]
macro_rules! descriptors {
    ($($socket:ty),*) => {$(
        impl std::os::fd::AsFd for $socket {
            fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
                self.0.source.as_fd()
            }
        }

        impl std::os::fd::AsRawFd for $socket {
            fn as_raw_fd(&self) -> std::os::fd::RawFd {
                self.0.source.as_raw_fd()
            }
        }
    )*};
}

#[cfg(windows)]
macro_rules! descriptors {
    ($($socket:ty),*) => {$(
        impl std::os::windows::io::AsSocket for $socket {
            fn as_socket(&self) -> std::os::windows::io::BorrowedSocket<'_> {
                self.0.source.as_socket()
            }
        }

        impl std::os::windows::io::AsRawSocket for $socket {
            fn as_raw_socket(&self) -> std::os::windows::io::RawSocket {
                self.0.source.as_raw_socket()
            }
        }
    )*};
}

descriptors!(TcpListener, TcpStream, UdpSocket);
