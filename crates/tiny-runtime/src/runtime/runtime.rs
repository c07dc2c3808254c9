//! The runtime, put together: `block_on`, `spawn`, and the end.
//!
//! Three layers, as in the document: workers (or the caller of `block_on`) poll tasks; one of them at
//! a time sits in the driver, which knows sockets and timers; beside them is the pool for code that
//! blocks.
//!
//! Tokio's counterpart: `tokio/src/runtime/runtime.rs` and `handle.rs`.

use super::handle::{EnterGuard, Handle};
use super::metrics::RuntimeMetrics;
use super::scheduler::config::Flavor;
use super::scheduler::shared::Shared;
use super::task::{JoinHandle, is_large};
use super::{context, current_thread, shutdown};
use crate::sync::Arc;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::time::Duration;

/// A runtime. Dropped, it drops all its tasks, each at its current `.await`, and waits for the polls
/// and for the blocking closures that run.
///
/// # Panics
///
/// When it is dropped where futures are polled: that would block a worker.
pub struct Runtime {
    pub(crate) handle: Handle,
    is_shut_down: bool,
}

// As a handle.
impl UnwindSafe for Runtime {}
impl RefUnwindSafe for Runtime {}

impl Runtime {
    pub(crate) fn from_shared(shared: Arc<Shared>) -> Self {
        Self { handle: Handle(shared), is_shut_down: false }
    }

    /// Runs the future on this thread until it is ready. Spawned tasks run meanwhile, on the workers
    /// or, with the current-thread flavor, on this thread, and only meanwhile.
    ///
    /// # Panics
    ///
    /// Where futures are polled already; and with the future.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        if const { is_large::<F>() } {
            self.block_on_this(Box::pin(future))
        } else {
            self.block_on_this(future)
        }
    }

    #[track_caller]
    fn block_on_this<F: Future>(&self, future: F) -> F::Output {
        let shared = &self.handle.0;
        match shared.config.flavor {
            Flavor::MultiThread => self.handle.block_on_this(future),
            Flavor::CurrentThread => {
                context::enter_block_on(shared, || current_thread::run(shared, future))
            }
        }
    }

    /// As [`spawn`](crate::task::spawn), onto this runtime.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        if const { is_large::<F>() } {
            self.handle.spawn(Box::pin(future))
        } else {
            self.handle.spawn(future)
        }
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
        if std::mem::replace(&mut self.is_shut_down, true) {
            return;
        }
        // A thread that polls may not wait: it may even be one of those that would be waited for.
        let may_wait = !context::is_in_runtime() || limit == Some(Duration::ZERO);
        shutdown::end(&self.handle.0, if may_wait { limit } else { Some(Duration::ZERO) });
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

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}
