//! The promises of Tokio's interface beside the order of tasks: the places of panics, auto traits, the
//! sizes it takes, and the small methods. One suite, on Tokio and on tiny-runtime.

#![cfg(not(loom))]
#![expect(clippy::duplicate_mod, reason = "the same tests, on two runtimes")]

#[path = "parity"]
mod on_tokio {
    pub mod rt {
        pub const IS_TOKIO: bool = true;
        pub use tokio::io::{Interest, Ready};
        pub use tokio::{net, runtime, spawn, task, time};
        /// `read` and `write` are inherent on tiny-runtime.
        pub mod io {
            pub use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        }

        use std::io::Result;
        use std::net::SocketAddr;
        use std::task::{Context, Poll};
        use tokio::io::ReadBuf;

        // On Tokio these fill a `ReadBuf`.
        pub fn poll_peek(
            stream: &net::TcpStream,
            cx: &mut Context<'_>,
            to: &mut [u8],
        ) -> Poll<Result<usize>> {
            stream.poll_peek(cx, &mut ReadBuf::new(to))
        }
        pub fn poll_recv(
            socket: &net::UdpSocket,
            cx: &mut Context<'_>,
            to: &mut [u8],
        ) -> Poll<Result<usize>> {
            let mut to = ReadBuf::new(to);
            socket.poll_recv(cx, &mut to).map_ok(|()| to.filled().len())
        }
        pub fn poll_recv_from(
            socket: &net::UdpSocket,
            cx: &mut Context<'_>,
            to: &mut [u8],
        ) -> Poll<Result<(usize, SocketAddr)>> {
            let mut to = ReadBuf::new(to);
            socket.poll_recv_from(cx, &mut to).map_ok(|from| (to.filled().len(), from))
        }
        pub fn poll_peek_datagram(
            socket: &net::UdpSocket,
            cx: &mut Context<'_>,
            to: &mut [u8],
        ) -> Poll<Result<usize>> {
            let mut to = ReadBuf::new(to);
            socket.poll_peek(cx, &mut to).map_ok(|()| to.filled().len())
        }
        pub fn poll_peek_from(
            socket: &net::UdpSocket,
            cx: &mut Context<'_>,
            to: &mut [u8],
        ) -> Poll<Result<(usize, SocketAddr)>> {
            let mut to = ReadBuf::new(to);
            socket.poll_peek_from(cx, &mut to).map_ok(|from| (to.filled().len(), from))
        }
    }
    mod suite;
}

#[path = "parity"]
mod on_tiny {
    pub mod rt {
        pub const IS_TOKIO: bool = false;
        pub use tiny_runtime::io::{Interest, Ready};
        pub use tiny_runtime::{net, runtime, spawn, task, time};
        /// Nothing is needed.
        pub mod io {}

        use std::io::Result;
        use std::net::SocketAddr;
        use std::task::{Context, Poll};

        pub fn poll_peek(
            stream: &net::TcpStream,
            cx: &mut Context<'_>,
            to: &mut [u8],
        ) -> Poll<Result<usize>> {
            stream.poll_peek(cx, to)
        }
        pub fn poll_recv(
            socket: &net::UdpSocket,
            cx: &mut Context<'_>,
            to: &mut [u8],
        ) -> Poll<Result<usize>> {
            socket.poll_recv(cx, to)
        }
        pub fn poll_recv_from(
            socket: &net::UdpSocket,
            cx: &mut Context<'_>,
            to: &mut [u8],
        ) -> Poll<Result<(usize, SocketAddr)>> {
            socket.poll_recv_from(cx, to)
        }
        pub fn poll_peek_datagram(
            socket: &net::UdpSocket,
            cx: &mut Context<'_>,
            to: &mut [u8],
        ) -> Poll<Result<usize>> {
            socket.poll_peek(cx, to)
        }
        pub fn poll_peek_from(
            socket: &net::UdpSocket,
            cx: &mut Context<'_>,
            to: &mut [u8],
        ) -> Poll<Result<(usize, SocketAddr)>> {
            socket.poll_peek_from(cx, to)
        }
    }
    mod suite;
    mod own;
}

#[path = "parity/auto_traits.rs"]
mod auto_traits;
