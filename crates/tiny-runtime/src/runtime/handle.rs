//! The handles to a runtime, and the guard that makes it the thread's current one.
//!
//! Tokio's counterpart: `tokio/src/runtime/handle.rs`.

use super::metrics::RuntimeMetrics;
use super::scheduler::schedule::spawned;
use super::scheduler::shared::Shared;
use super::task::{JoinHandle, is_large};
use super::{block_on, context};
use crate::sync::Arc;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// A runtime, to spawn onto, from anywhere and as long as one likes. It does not keep it running.
#[derive(Clone)]
pub struct Handle(pub(crate) Arc<Shared>);

/// While it lives, the runtime is the thread's current one.
///
/// # Panics
///
/// When it is dropped before a guard that this thread has made after it.
#[must_use = "the runtime is current only while the guard lives"]
pub struct EnterGuard<'a> {
    _current: context::OrderedGuard,
    _runtime: std::marker::PhantomData<&'a Handle>,
}

// A panic leaves nothing half-done: whatever runs foreign code contains it.
impl UnwindSafe for Handle {}
impl RefUnwindSafe for Handle {}

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
        if const { is_large::<F>() } {
            spawned(Shared::spawn(&self.0, Box::pin(future)))
        } else {
            spawned(Shared::spawn(&self.0, future))
        }
    }

    /// As [`spawn_blocking`](crate::task::spawn_blocking), onto this runtime's pool.
    pub fn spawn_blocking<F, R>(&self, closure: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        if const { is_large::<F>() } {
            Shared::spawn_blocking(&self.0, Box::new(closure))
        } else {
            Shared::spawn_blocking(&self.0, closure)
        }
    }

    /// Runs the future on this thread until it is ready. It runs no tasks: the workers do, or whoever
    /// is in [`Runtime::block_on`].
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
    pub(super) fn block_on_this<F: Future>(&self, future: F) -> F::Output {
        context::enter_block_on(&self.0, || block_on::block_on(future))
    }

    /// As [`Runtime::enter`].
    pub fn enter(&self) -> EnterGuard<'_> {
        EnterGuard {
            _current: context::OrderedGuard::new(&self.0),
            _runtime: std::marker::PhantomData,
        }
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

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}
