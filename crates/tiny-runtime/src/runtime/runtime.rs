//! The runtime, put together: `block_on`, `spawn`, and the end.
//!
//! It has three layers, as in the document. Workers, or the caller of `block_on`, poll tasks. One of them
//! at a time waits in the driver, which knows sockets and timers. Beside them is the pool, for code that
//! blocks.
//!
//! Tokio's counterpart: `tokio/src/runtime/runtime.rs`.

use super::handle::{EnterGuard, Handle};
use super::metrics::RuntimeMetrics;
use super::scheduler::config::Flavor;
use super::scheduler::shared::Shared;
use super::task::{JoinHandle, boxed_if_large};
use super::{context, current_thread, shutdown};
use crate::runtime::report;
use crate::sync::Arc;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::time::Duration;

/// A runtime.
///
/// Its drop drops all tasks, each at its current `.await`. It waits for the polls and the blocking closures
/// that run.
///
/// ```
/// use tiny_runtime::{runtime::Runtime, task::spawn};
///
/// let runtime = Runtime::new()?;
/// let sum = runtime.block_on(async {
///     let one = spawn(async { 1 });
///     one.await.unwrap() + 1
/// });
/// assert_eq!(sum, 2);
/// # std::io::Result::Ok(())
/// ```
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

    /// Runs the future on this thread until it is ready. Spawned tasks run meanwhile: on the workers or,
    /// with the current-thread flavor, on this thread, and then only meanwhile.
    ///
    /// ```
    /// use tiny_runtime::runtime::Runtime;
    ///
    /// let local = String::from("borrowed"); // the future need not be `'static`
    /// assert_eq!(Runtime::new()?.block_on(async { local.len() }), 8);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// Where futures are polled already. If the future panics.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let shared = &self.handle.0;
        boxed_if_large!(future: F, Box::pin => match shared.config.flavor {
            Flavor::MultiThread => self.handle.block_on(future),
            Flavor::CurrentThread => {
                let future = report::future("block_on", future);
                context::enter_block_on(shared, || current_thread::run(shared, future))
            }
        })
    }

    /// Spawns a task onto this runtime, as [`spawn`](crate::task::spawn) does onto the current one.
    ///
    /// ```
    /// use tiny_runtime::runtime::Runtime;
    ///
    /// let runtime = Runtime::new()?;
    /// let task = runtime.spawn(async { 1 });
    /// assert_eq!(runtime.block_on(task)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        boxed_if_large!(future: F, Box::pin => self.handle.spawn(future))
    }

    /// Runs a closure on this runtime's blocking pool, as
    /// [`spawn_blocking`](crate::task::spawn_blocking) does on that of the current one.
    ///
    /// ```
    /// use tiny_runtime::runtime::Runtime;
    ///
    /// let runtime = Runtime::new()?;
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
        boxed_if_large!(closure: F, Box::new => self.handle.spawn_blocking(closure))
    }

    /// Returns a handle, which you can clone and keep elsewhere.
    ///
    /// ```
    /// use tiny_runtime::runtime::Runtime;
    ///
    /// let runtime = Runtime::new()?;
    /// let handle = runtime.handle().clone();
    /// drop(runtime);
    /// assert!(handle.block_on(handle.spawn(async {})).unwrap_err().is_cancelled());
    /// # std::io::Result::Ok(())
    /// ```
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Makes this the thread's current runtime, as long as the guard lives: `spawn`, `sleep` and sockets
    /// then work outside of `block_on`.
    ///
    /// ```
    /// use tiny_runtime::{runtime::Runtime, task};
    ///
    /// let runtime = Runtime::new()?;
    /// let _guard = runtime.enter();
    /// let task = task::spawn(async { 1 });
    /// assert_eq!(runtime.block_on(task)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn enter(&self) -> EnterGuard<'_> {
        self.handle.enter()
    }

    /// Returns the counts of this runtime.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_multi_thread().worker_threads(2).build()?;
    /// assert_eq!(runtime.metrics().num_workers(), 2);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn metrics(&self) -> RuntimeMetrics {
        self.handle.metrics()
    }

    /// Ends the runtime as a drop does, but waits for at most `limit`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tiny_runtime::runtime::Runtime;
    ///
    /// let runtime = Runtime::new()?;
    /// let task = runtime.spawn(std::future::pending::<()>());
    /// runtime.shutdown_timeout(Duration::from_secs(1)); // the task waits, so this takes no second
    /// assert!(task.is_finished());
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// As a drop does, unless `limit` is zero.
    pub fn shutdown_timeout(mut self, limit: Duration) {
        self.end(Some(limit));
    }

    /// Ends the runtime without waiting. The polls and closures that run go on.
    ///
    /// ```
    /// use tiny_runtime::runtime::Runtime;
    ///
    /// let (inner, outer) = (Runtime::new()?, Runtime::new()?);
    /// // A drop would panic here, since it would wait.
    /// outer.block_on(async move { inner.shutdown_background() });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn shutdown_background(mut self) {
        self.end(Some(Duration::ZERO));
    }

    fn end(&mut self, limit: Option<Duration>) {
        if std::mem::replace(&mut self.is_shut_down, true) {
            return;
        }
        // A thread that polls futures must not wait: it may be one that the end would wait for.
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
