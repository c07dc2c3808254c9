//! The runtime, put together: `block_on`, `spawn`, and the end.
//!
//! Three layers, as in the document: workers (or the caller of `block_on`) poll tasks; one of them at
//! a time sits in the driver, which knows sockets and timers; beside them is the pool for code that
//! blocks.
//!
//! Tokio's counterpart: `tokio/src/runtime/runtime.rs` and `handle.rs`.

pub use crate::builder::{Builder, LocalOptions};
pub use crate::local::LocalRuntime;
pub use crate::metrics::RuntimeMetrics;
pub use crate::stepped::Stepped;
pub use crate::worker::{Source, Step};

use crate::shared::{Flavor, Shared};
use crate::spawn::spawned;
use crate::sync::{Arc, lock};
use crate::task::JoinHandle;
use crate::{block_on, context, current_thread, shutdown, spawn_blocking};
use std::fmt;
use std::io;
use std::time::Duration;

/// A runtime. Dropped, it drops all its tasks, each at its current `.await`, and waits for the polls
/// and for the blocking closures that run.
///
/// # Panics
///
/// When it is dropped where futures are polled: that would block a worker.
pub struct Runtime {
    pub(crate) handle: Handle,
    ended: bool,
}

/// A runtime, to spawn onto, from anywhere and as long as one likes. It does not keep it running.
#[derive(Clone)]
pub struct Handle(pub(crate) Arc<Shared>);

/// While it lives, the runtime is the thread's current one.
#[must_use = "the runtime is current only while the guard lives"]
pub struct EnterGuard<'a> {
    _current: context::CurrentGuard,
    _runtime: std::marker::PhantomData<&'a Handle>,
}

impl Runtime {
    /// The multi-thread flavor, with a worker a core.
    ///
    /// # Errors
    ///
    /// As [`Builder::build`].
    pub fn new() -> io::Result<Self> {
        Builder::new_multi_thread().build()
    }

    pub(crate) fn from_shared(shared: Arc<Shared>) -> Self {
        Self { handle: Handle(shared), ended: false }
    }

    /// Runs the future on this thread until it is ready. Spawned tasks run meanwhile, on the workers
    /// or, with the current-thread flavor, on this thread, and only meanwhile.
    ///
    /// # Panics
    ///
    /// Where futures are polled already; and with the future.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let shared = &self.handle.0;
        match shared.config.flavor {
            Flavor::MultiThread => self.handle.block_on(future),
            Flavor::CurrentThread => {
                context::inside(shared, || current_thread::run(shared, future))
            }
        }
    }

    /// As [`spawn`](crate::task::spawn), onto this runtime.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.handle.spawn(future)
    }

    /// As [`spawn_blocking`](crate::task::spawn_blocking), onto this runtime's pool.
    pub fn spawn_blocking<F, R>(&self, closure: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        self.handle.spawn_blocking(closure)
    }

    /// To be cloned, and kept elsewhere.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Makes this the thread's current runtime: `spawn`, `sleep` and sockets then work outside of it.
    pub fn enter(&self) -> EnterGuard<'_> {
        self.handle.enter()
    }

    /// See [`RuntimeMetrics`].
    pub fn metrics(&self) -> RuntimeMetrics {
        self.handle.metrics()
    }

    /// Ends the runtime as a drop does, but waits no longer than `limit`.
    ///
    /// # Panics
    ///
    /// As a drop does, if there is a limit.
    pub fn shutdown_timeout(mut self, limit: Duration) {
        self.end(Some(limit));
    }

    /// Ends the runtime without waiting. What runs, runs on.
    pub fn shutdown_background(mut self) {
        self.end(Some(Duration::ZERO));
    }

    fn end(&mut self, limit: Option<Duration>) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let shared = &self.handle.0;
        shutdown::begin(shared);
        if shared.config.flavor == Flavor::CurrentThread {
            // No `block_on` borrows the runtime, so the core is there.
            let core = lock(&shared.remotes[0].core).take();
            shutdown::leave_with(shared, core);
        }
        // A thread that polls may not wait: it may even be one of those that would be waited for.
        let may_wait = !context::is_inside() || limit == Some(Duration::ZERO);
        shared.pool.close(if may_wait { limit } else { Some(Duration::ZERO) });
        assert!(
            may_wait || std::thread::panicking(),
            "Cannot drop a runtime in a context where blocking is not allowed. This happens when \
             a runtime is dropped from within an asynchronous context."
        );
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.end(None);
    }
}

impl Handle {
    /// That of the thread's current runtime.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn current() -> Self {
        Self(context::current())
    }

    /// That of the thread's current runtime.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn try_current() -> Result<Self, TryCurrentError> {
        context::try_current().map(Self).ok_or(TryCurrentError(()))
    }

    /// As [`spawn`](crate::task::spawn), onto this runtime.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        spawned(Shared::spawn(&self.0, future))
    }

    /// As [`spawn_blocking`](crate::task::spawn_blocking), onto this runtime's pool.
    pub fn spawn_blocking<F, R>(&self, closure: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        spawn_blocking::spawn_on(&self.0, closure)
    }

    /// Runs the future on this thread until it is ready. It runs no tasks: the workers do, or whoever
    /// is in [`Runtime::block_on`].
    ///
    /// # Panics
    ///
    /// Where futures are polled already; and with the future.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        context::inside(&self.0, || block_on::block_on(future))
    }

    /// As [`Runtime::enter`].
    pub fn enter(&self) -> EnterGuard<'_> {
        EnterGuard { _current: context::set_current(&self.0), _runtime: std::marker::PhantomData }
    }

    /// See [`RuntimeMetrics`].
    pub fn metrics(&self) -> RuntimeMetrics {
        RuntimeMetrics(self.0.clone())
    }
}

/// The thread has no current runtime.
#[derive(Debug)]
pub struct TryCurrentError(());

impl fmt::Display for TryCurrentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no tiny-runtime on this thread")
    }
}

impl std::error::Error for TryCurrentError {}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}
