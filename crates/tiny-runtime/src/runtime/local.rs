//! Tasks that are not `Send`: a current-thread runtime that stays on its thread.
//!
//! Only that thread can call `block_on` and drop the runtime. So that thread alone polls and drops the
//! tasks. Any thread may wake them.
//!
//! Tokio's counterpart: `tokio/src/runtime/local_runtime/` and, older, `LocalSet`.

use crate::runtime::handle::{EnterGuard, Handle};
use crate::runtime::metrics::RuntimeMetrics;
use crate::runtime::report;
use crate::runtime::runtime::Runtime;
use crate::runtime::scheduler::schedule::spawned;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::task::{JoinHandle, boxed_if_large};
use crate::sync::thread;
use std::marker::PhantomData;
use std::time::Duration;

/// A current-thread runtime whose tasks need not be `Send`, made by
/// [`Builder::build_local`](crate::runtime::Builder::build_local).
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
/// You cannot convert another runtime into one: its workers would poll tasks that must stay on one thread.
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
    /// Wraps a current-thread runtime that is bound to this thread: only then does each of its tasks stay
    /// where it was spawned.
    pub(super) fn new(runtime: Runtime) -> Self {
        let home = runtime.handle.0.config.home;
        assert_eq!(home, Some(thread::current().id()), "it is bound to this thread");
        Self { runtime, _not_send: PhantomData }
    }

    /// Runs the future, and the tasks meanwhile, as [`Runtime::block_on`].
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build_local(Default::default())?;
    /// assert_eq!(runtime.block_on(async { 1 }), 1);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Runtime::block_on`].
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        boxed_if_large!(future: F, Box::pin => self.runtime.block_on(future))
    }

    /// Spawns a task that stays on this thread.
    ///
    /// ```
    /// use std::rc::Rc;
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build_local(Default::default())?;
    /// let number = Rc::new(1);
    /// let task = runtime.spawn_local(async move { *number });
    /// assert_eq!(runtime.block_on(task)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    #[track_caller]
    pub fn spawn_local<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let shared = &self.runtime.handle.0;
        boxed_if_large!(future: F, Box::pin => {
            spawned(Shared::spawn(shared, report::future("local", future)))
        })
    }

    /// Returns a handle. It may be on another thread, so its futures have to be `Send`.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build_local(Default::default())?;
    /// let handle = runtime.handle().clone();
    /// let task = std::thread::spawn(move || handle.spawn(async { 1 })).join().unwrap();
    /// assert_eq!(runtime.block_on(task)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn handle(&self) -> &Handle {
        self.runtime.handle()
    }

    /// Runs a closure on the blocking pool, as [`Runtime::spawn_blocking`]. It runs on another thread, so it
    /// has to be `Send`.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build_local(Default::default())?;
    /// let closure = runtime.spawn_blocking(|| 1);
    /// assert_eq!(runtime.block_on(closure)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    #[track_caller]
    pub fn spawn_blocking<F, R>(&self, closure: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        self.runtime.spawn_blocking(closure)
    }

    /// Makes this the thread's current runtime, as [`Runtime::enter`]: while the guard lives,
    /// [`spawn_local`](crate::task::spawn_local) works outside of [`block_on`](Self::block_on) as well.
    ///
    /// ```
    /// use tiny_runtime::{runtime::Builder, task::spawn_local};
    ///
    /// let runtime = Builder::new_current_thread().build_local(Default::default())?;
    /// let _guard = runtime.enter();
    /// let task = spawn_local(async { 1 });
    /// assert_eq!(runtime.block_on(task)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn enter(&self) -> EnterGuard<'_> {
        self.runtime.enter()
    }

    /// Returns the counts of this runtime.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build_local(Default::default())?;
    /// assert_eq!(runtime.metrics().num_workers(), 1);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn metrics(&self) -> RuntimeMetrics {
        self.runtime.metrics()
    }

    /// Ends the runtime, as [`Runtime::shutdown_timeout`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build_local(Default::default())?;
    /// let task = runtime.spawn_local(std::future::pending::<()>());
    /// runtime.shutdown_timeout(Duration::from_secs(1));
    /// assert!(task.is_finished());
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Runtime::shutdown_timeout`].
    pub fn shutdown_timeout(self, limit: Duration) {
        self.runtime.shutdown_timeout(limit);
    }

    /// Ends the runtime, as [`Runtime::shutdown_background`].
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build_local(Default::default())?;
    /// let task = runtime.spawn_local(std::future::pending::<()>());
    /// runtime.shutdown_background();
    /// assert!(task.is_finished());
    /// # std::io::Result::Ok(())
    /// ```
    pub fn shutdown_background(self) {
        self.runtime.shutdown_background();
    }
}
