//! The traits that a runtime has for the program.

use std::io::Result;
use std::net::SocketAddr;
use std::time::Duration;

/// Tasks and timers. Channels belong to no runtime: all have the same ones here.
pub trait Runtime: 'static {
    /// Blocks the caller's thread until the program has ended, as the `main` of this runtime does.
    ///
    /// The error says why this runtime cannot run here.
    fn run(program: impl Future<Output = ()> + 'static) -> std::result::Result<(), String>;

    /// Starts a task. Only what a task may do on every runtime is asked of it.
    fn spawn(task: impl Future<Output = ()> + Send + 'static);

    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send;
}

/// A runtime that has TCP.
pub trait Sockets: Runtime {
    type Listener: Send + Sync;
    type Stream: Send;

    /// Listens on a free port of this machine.
    fn listen() -> impl Future<Output = Result<(Self::Listener, SocketAddr)>> + Send;

    fn accept(listener: &Self::Listener) -> impl Future<Output = Result<Self::Stream>> + Send;

    fn connect(address: SocketAddr) -> impl Future<Output = Result<Self::Stream>> + Send;

    /// Fills the buffer. Fails if the other end closes before.
    fn read(
        stream: &mut Self::Stream,
        buffer: &mut [u8],
    ) -> impl Future<Output = Result<()>> + Send;

    /// Writes all of it.
    fn write(stream: &mut Self::Stream, bytes: &[u8]) -> impl Future<Output = Result<()>> + Send;
}

/// The address at which a program on this machine listens: any free port.
pub const ANY_PORT: (&str, u16) = ("127.0.0.1", 0);
