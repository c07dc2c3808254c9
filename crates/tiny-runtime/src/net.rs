//! TCP and UDP: try, `WouldBlock`, wait, try again.
//!
//! Everything here is a system call on a non-blocking socket inside `ScheduledIo::poll_io`. The
//! sockets belong to the runtime in whose context they are created, and report through its reactor,
//! whichever task, thread or runtime polls them later.
//!
//! Methods with `&mut self` keep their waker in one of the socket's two own places, which costs
//! nothing; methods with `&self` may be called by many tasks at once, and take a seat each.
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
//! Tokio's counterpart: `tokio/src/io/poll_evented.rs` and `tokio/src/net/`. There are also Unix
//! sockets, pipes, `AsyncFd`, and reading into memory that has not been initialized.

mod address;
mod listener;
pub mod tcp;
#[cfg(any(feature = "futures-io", feature = "tokio-io"))]
mod traits;
mod udp;
mod os;

pub use address::ToSocketAddrs;
pub use listener::TcpListener;
pub use tcp::stream::TcpStream;
pub use udp::UdpSocket;

use crate::runtime::context;
use crate::runtime::io::reactor::Registry;
use crate::runtime::io::readiness::{Direction, Interest, Ready};
use crate::runtime::io::scheduled_io::{ScheduledIo, Slot};
use crate::runtime::scheduler::worker;
use crate::sync::Arc;
use mio::Token;
use mio::event::Source;
use socket2::SockRef;
use std::fmt;
use std::future::poll_fn;
use std::io::Result;
use std::task::{Context, Poll};

/// A socket of mio's and its registration.
struct Socket<S: Source> {
    source: S,
    io: Arc<ScheduledIo>,
    token: Token,
    registry: Arc<Registry>,
}

impl<S: Source> Socket<S> {
    /// # Panics
    ///
    /// Outside the context of a runtime.
    #[track_caller]
    fn new(mut source: S) -> Result<Self> {
        let registry = context::registry();
        let (token, io) = registry.register(&mut source)?;
        Ok(Self { source, io, token, registry })
    }

    /// For the one task that has the socket for itself; the last to call is the one woken.
    fn poll<T>(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        mut operation: impl FnMut(&S) -> Result<T>,
    ) -> Poll<Result<T>> {
        self.poll_at(cx, direction, Slot::Exclusive, || operation(&self.source), |_| false)
    }

    /// The same for a stream: fewer bytes than `wanted` are all there are, or all that fit.
    fn poll_bytes(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        wanted: usize,
        mut operation: impl FnMut(&S) -> Result<usize>,
    ) -> Poll<Result<usize>> {
        self.poll_at(cx, direction, Slot::Exclusive, || operation(&self.source), partial(wanted))
    }

    /// For any number of tasks at once. Cancel safe: dropped, it has done nothing.
    async fn wait<T>(
        &self,
        direction: Direction,
        mut operation: impl FnMut(&S) -> Result<T>,
    ) -> Result<T> {
        let mut waiter_key = self.io.waiter_key();
        poll_fn(|cx| {
            let place = Slot::Shared(&mut waiter_key);
            self.poll_at(cx, direction, place, || operation(&self.source), |_| false)
        })
        .await
    }

    fn poll_at<T>(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        place: Slot<'_, '_>,
        operation: impl FnMut() -> Result<T>,
        partial: impl Fn(&T) -> bool,
    ) -> Poll<Result<T>> {
        match self.io.poll_io(cx, direction, place, operation, partial) {
            // A poll that runs while its runtime ends: the task is dropped as soon as it returns.
            Poll::Ready(Err(_)) if self.io.is_shutdown() && self.is_polled_by_its_runtime() => {
                Poll::Pending
            }
            poll => poll,
        }
    }

    #[cold]
    fn is_polled_by_its_runtime(&self) -> bool {
        worker::polls_task_of(|shared| Arc::ptr_eq(&shared.registry, &self.registry))
    }

    async fn ready(&self, direction: Direction) -> Result<()> {
        self.wait(direction, |_source| Ok(())).await
    }

    /// The same for either direction, and says which.
    async fn ready_for(&self, interest: Interest) -> Result<Ready> {
        let mut waiter_key = self.io.waiter_key();
        poll_fn(|cx| self.io.poll_readiness(cx, interest.0, &mut waiter_key)).await.map(Ready)
    }

    fn attempt<T>(
        &self,
        direction: Direction,
        operation: impl FnOnce(&S) -> Result<T>,
    ) -> Result<T> {
        self.io.try_io(direction, || operation(&self.source))
    }
}

/// Has a call on a socket of std's return `WouldBlock` instead of holding its thread.
///
/// # Panics
///
/// In a debug build, if it would block: its owner has forgotten to say that it may not. The system
/// does not tell on Windows.
#[track_caller]
fn non_blocking<'s, S>(socket: &'s S) -> Result<()>
where
    SockRef<'s>: From<&'s S>,
{
    let socket = SockRef::from(socket);
    #[cfg(unix)]
    debug_assert!(
        socket.nonblocking()?,
        "Registering a blocking socket is unsupported: call its `set_nonblocking(true)` before `from_std`"
    );
    socket.set_nonblocking(true)
}

/// With epoll and kqueue a partial read or write proves that the socket is drained. Elsewhere only
/// `WouldBlock` makes mio listen again.
const PARTIAL_IS_DRAINED: bool = cfg!(all(
    not(mio_unsupported_force_poll_poll),
    any(
        any(target_os = "android", target_os = "illumos", target_os = "linux", target_os = "redox"),
        any(target_os = "dragonfly", target_os = "freebsd", target_os = "netbsd"),
        any(target_os = "openbsd", target_vendor = "apple"),
    ),
));

/// 0 is not partial: it is the end of the stream, and stays so.
fn partial(wanted: usize) -> impl Fn(&usize) -> bool {
    move |&moved| PARTIAL_IS_DRAINED && 0 < moved && moved < wanted
}

impl<S: Source> Drop for Socket<S> {
    fn drop(&mut self) {
        self.registry.deregister(&mut self.source, self.token);
    }
}

impl<S: Source + fmt::Debug> fmt::Debug for Socket<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}
