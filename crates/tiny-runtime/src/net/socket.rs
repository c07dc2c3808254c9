//! A socket of any kind: its registration with the reactor, and the loop of try, `WouldBlock`, wait.
//!
//! Each operation is a system call on a non-blocking socket inside `ScheduledIo::poll_io`.
//!
//! A method with `&mut self` keeps its waker in one of the socket's two own slots, which costs nothing.
//! Many tasks at once may call a method with `&self`; each call has a slot of its own.
//!
//! Tokio's counterpart: `tokio/src/io/poll_evented.rs`.

use crate::runtime::context;
use crate::runtime::io::reactor::Registry;
use crate::runtime::io::readiness::{Direction, Interest, Ready};
use crate::runtime::io::scheduled_io::ScheduledIo;
use crate::runtime::io::waiters::Slot;
use crate::runtime::scheduler::worker;
use crate::sync::Arc;
use mio::Token;
use mio::event::Source;
use socket2::SockRef;
use std::fmt;
use std::future::poll_fn;
use std::io::Result;
use std::task::{Context, Poll};

/// A socket of mio and its registration.
pub(super) struct Socket<S: Source> {
    pub(super) source: S,
    pub(super) io: Arc<ScheduledIo>,
    token: Token,
    registry: Arc<Registry>,
}

impl<S: Source> Socket<S> {
    /// # Panics
    ///
    /// Outside the context of a runtime.
    #[track_caller]
    pub(super) fn new(mut source: S) -> Result<Self> {
        let registry = context::registry();
        let (token, io) = registry.register(&mut source)?;
        Ok(Self { source, io, token, registry })
    }

    /// Polls `operation` for one task. If several poll, only the last one is woken.
    pub(super) fn poll<T>(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        mut operation: impl FnMut(&S) -> Result<T>,
    ) -> Poll<Result<T>> {
        self.poll_at(cx, direction, Slot::Exclusive, || operation(&self.source), |_| false)
    }

    /// As [`poll`](Self::poll), for a stream: fewer bytes than `wanted` mean that no more are there, or
    /// that no more fit.
    pub(super) fn poll_bytes(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        wanted: usize,
        mut operation: impl FnMut(&S) -> Result<usize>,
    ) -> Poll<Result<usize>> {
        self.poll_at(cx, direction, Slot::Exclusive, || operation(&self.source), partial(wanted))
    }

    /// Waits for `operation`. Any number of tasks may do so at once. Cancel safe: a call that is dropped
    /// has done nothing.
    pub(super) async fn wait<T>(
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
            // The runtime ends while it polls this task. It drops the task as soon as the poll returns.
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

    pub(super) async fn ready(&self, direction: Direction) -> Result<()> {
        self.wait(direction, |_source| Ok(())).await
    }

    /// Waits until one of the directions is ready, and returns which.
    pub(super) async fn ready_for(&self, interest: Interest) -> Result<Ready> {
        let mut waiter_key = self.io.waiter_key();
        poll_fn(|cx| self.io.poll_readiness(cx, interest.0, &mut waiter_key)).await.map(Ready)
    }

    pub(super) fn attempt<T>(
        &self,
        direction: Direction,
        operation: impl FnOnce(&S) -> Result<T>,
    ) -> Result<T> {
        self.io.try_io(direction, || operation(&self.source))
    }
}

/// Makes a socket of std non-blocking: its calls return `WouldBlock` and do not hold their thread.
///
/// # Panics
///
/// In a debug build on Unix, if the socket blocks: you have forgotten `set_nonblocking`. On Windows a
/// program cannot ask.
#[track_caller]
pub(super) fn non_blocking<'s, S>(socket: &'s S) -> Result<()>
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

/// With epoll and kqueue a partial read or write proves that the socket is drained. On other systems mio
/// listens again only after `WouldBlock`.
const PARTIAL_IS_DRAINED: bool = cfg!(all(
    not(mio_unsupported_force_poll_poll),
    any(
        any(target_os = "android", target_os = "illumos", target_os = "linux", target_os = "redox"),
        any(target_os = "dragonfly", target_os = "freebsd", target_os = "netbsd"),
        any(target_os = "openbsd", target_vendor = "apple"),
    ),
));

/// Returns whether a result is partial. 0 is not: it is the end of the stream, and stays so.
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
