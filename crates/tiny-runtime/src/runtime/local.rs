//! Tasks that are not `Send`: a current-thread runtime that stays on its thread.
//!
//! Its tasks are polled and dropped by that thread alone, since only it can call `block_on`, and drop
//! the runtime. They may be woken from anywhere.
//!
//! Tokio's counterpart: `tokio/src/runtime/local_runtime/` and, older, `LocalSet`.

use crate::runtime::handle::{EnterGuard, Handle};
use crate::runtime::metrics::RuntimeMetrics;
use crate::runtime::runtime::Runtime;
use crate::runtime::scheduler::schedule::spawned;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::task::{JoinHandle, is_large};
use crate::sync::thread;
use std::marker::PhantomData;
use std::time::Duration;

/// See [`Builder::build_local`](crate::runtime::Builder::build_local).
///
/// ```
/// use std::rc::Rc;
/// use tiny_runtime::{runtime::Builder, task::spawn_local};
///
/// let runtime = Builder::new_current_thread().build_local(Default::default())?;
/// let here = Rc::new(1);
/// let there = here.clone();
/// let task = runtime.block_on(async { spawn_local(async move { *there }).await });
/// assert_eq!(task.unwrap(), *here);
/// # std::io::Result::Ok(())
/// ```
///
/// No other runtime can be made into one: its workers would poll what has to stay on one thread.
///
/// ```compile_fail,E0308
/// use tiny_runtime::runtime::{Builder, LocalRuntime};
///
/// let runtime = Builder::new_multi_thread().build()?;
/// let runtime = LocalRuntime::from(runtime);
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct LocalRuntime {
    runtime: Runtime,
    /// Neither `Send` nor `Sync`.
    _not_send: PhantomData<*const ()>,
}

impl LocalRuntime {
    /// `runtime` is of the current-thread flavor, and bound to this thread: only then does a task of
    /// its stay where it was spawned.
    pub(super) fn new(runtime: Runtime) -> Self {
        let home = runtime.handle.0.config.home;
        assert_eq!(home, Some(thread::current().id()), "it is bound to this thread");
        Self { runtime, _not_send: PhantomData }
    }

    /// As [`Runtime::block_on`].
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        if const { is_large::<F>() } {
            self.runtime.block_on(Box::pin(future))
        } else {
            self.runtime.block_on(future)
        }
    }

    /// Spawns a task that may stay on this thread.
    pub fn spawn_local<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let shared = &self.runtime.handle.0;
        if const { is_large::<F>() } {
            spawned(Shared::spawn(shared, Box::pin(future)))
        } else {
            spawned(Shared::spawn(shared, future))
        }
    }

    /// As [`Runtime::handle`]. What is spawned by a handle has to be `Send`.
    pub fn handle(&self) -> &Handle {
        self.runtime.handle()
    }

    /// As [`Runtime::spawn_blocking`]: the closure runs on another thread, and so has to be `Send`.
    #[track_caller]
    pub fn spawn_blocking<F, R>(&self, closure: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        self.runtime.spawn_blocking(closure)
    }

    /// As [`Runtime::enter`]; while the guard lives, [`spawn_local`](crate::task::spawn_local) works
    /// outside of [`block_on`](Self::block_on) as well.
    pub fn enter(&self) -> EnterGuard<'_> {
        self.runtime.enter()
    }

    /// See [`RuntimeMetrics`].
    pub fn metrics(&self) -> RuntimeMetrics {
        self.runtime.metrics()
    }

    /// As [`Runtime::shutdown_timeout`].
    pub fn shutdown_timeout(self, limit: Duration) {
        self.runtime.shutdown_timeout(limit);
    }

    /// As [`Runtime::shutdown_background`].
    pub fn shutdown_background(self) {
        self.runtime.shutdown_background();
    }
}
