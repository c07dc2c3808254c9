//! TCP and UDP: try, `WouldBlock`, wait, try again.
//!
//! A socket belongs to the runtime in which it was created. That runtime's driver watches it, whichever
//! task, thread or runtime polls it later.
//!
//! ```
//! use tiny_runtime::net::{TcpListener, TcpStream};
//!
//! tiny_runtime::runtime::Runtime::new()?.block_on(async {
//!     let listener = TcpListener::bind("127.0.0.1:0").await?;
//!     let mut client = TcpStream::connect(listener.local_addr()?).await?;
//!     let (mut server, _) = listener.accept().await?;
//!     client.write_all(b"ping").await?;
//!     let mut request = [0; 4];
//!     server.read_exact(&mut request).await?;
//!     assert_eq!(&request, b"ping");
//!     std::io::Result::Ok(())
//! })?;
//! # std::io::Result::Ok(())
//! ```
//!
//! Tokio's `tokio::net` also has Unix sockets, pipes, and reads into uninitialized memory.

mod socket;
mod address;
pub mod tcp;
mod listener;
#[cfg(any(feature = "futures-io", feature = "tokio-io"))]
mod traits;
mod udp;
mod os;

pub use address::ToSocketAddrs;
pub use listener::TcpListener;
pub use tcp::stream::TcpStream;
pub use udp::UdpSocket;

use socket::{Socket, non_blocking};
