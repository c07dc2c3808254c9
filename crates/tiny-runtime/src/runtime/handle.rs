//! The handles to a runtime, and the guard that makes it the thread's current one.
//!
//! Tokio's counterpart: `tokio/src/runtime/handle.rs`.

use super::metrics::RuntimeMetrics;
use super::scheduler::schedule::spawned;
use super::scheduler::shared::Shared;
use super::task::{JoinHandle, boxed_if_large};
use super::{block_on, context};
use crate::runtime::report;
use crate::sync::Arc;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// A handle to a runtime. It spawns onto the runtime from any thread, and does not keep it running: after
/// the runtime has ended, each spawn is cancelled.
///
/// ```
/// use tiny_runtime::runtime::Runtime;
///
/// let runtime = Runtime::new()?;
/// let handle = runtime.handle().clone();
/// let task = std::thread::spawn(move || handle.spawn(async { 1 })).join().unwrap();
/// assert_eq!(runtime.block_on(task)?, 1);
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone)]
pub struct Handle(pub(crate) Arc<Shared>);

/// Makes a runtime the thread's current one, as long as the guard lives.
///
/// ```
/// use tiny_runtime::{runtime::Runtime, task};
///
/// let runtime = Runtime::new()?;
/// let guard = runtime.enter();
/// let task = task::spawn(async { 1 }); // outside of `block_on`
/// drop(guard);
/// assert_eq!(runtime.block_on(task)?, 1);
/// # std::io::Result::Ok(())
/// ```
///
/// # Panics
///
/// When it is dropped before a guard that this thread has made after it.
#[must_use = "the runtime is current only while the guard lives"]
pub struct EnterGuard<'a> {
    _current: context::OrderedGuard,
    _runtime: std::marker::PhantomData<&'a Handle>,
}

// A panic leaves nothing half-done: each place that runs foreign code contains its panic.
impl UnwindSafe for Handle {}
impl RefUnwindSafe for Handle {}

impl Handle {
    /// Returns a handle to the thread's current runtime.
    ///
    /// ```
    /// use tiny_runtime::runtime::{Handle, Runtime};
    ///
    /// let runtime = Runtime::new()?;
    /// let task = runtime.block_on(async { Handle::current().spawn(async { 1 }) });
    /// assert_eq!(runtime.block_on(task)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn current() -> Self {
        Self(context::current())
    }

    /// Returns a handle to the thread's current runtime.
    ///
    /// ```
    /// use tiny_runtime::runtime::{Handle, Runtime};
    ///
    /// assert!(Handle::try_current().is_err());
    /// assert!(Runtime::new()?.block_on(async { Handle::try_current().is_ok() }));
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn try_current() -> Result<Self, TryCurrentError> {
        context::try_current().map(Self).ok_or(TryCurrentError(()))
    }

    /// Spawns a task onto this runtime, as [`spawn`](crate::task::spawn) does onto the current one.
    ///
    /// ```
    /// use tiny_runtime::runtime::Runtime;
    ///
    /// let runtime = Runtime::new()?;
    /// let task = runtime.handle().spawn(async { 1 });
    /// assert_eq!(runtime.block_on(task)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        boxed_if_large!(future: F, Box::pin => {
            spawned(Shared::spawn(&self.0, report::future("task", future)))
        })
    }

    /// Runs a closure on this runtime's blocking pool, as
    /// [`spawn_blocking`](crate::task::spawn_blocking) does on that of the current one.
    ///
    /// ```
    /// use tiny_runtime::runtime::Runtime;
    ///
    /// let runtime = Runtime::new()?;
    /// let closure = runtime.handle().spawn_blocking(|| 1);
    /// assert_eq!(runtime.block_on(closure)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    #[track_caller]
    pub fn spawn_blocking<F, R>(&self, closure: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        boxed_if_large!(closure: F, Box::new => {
            Shared::spawn_blocking(&self.0, report::closure(closure))
        })
    }

    /// Runs the future on this thread until it is ready. Runs no tasks: the workers do, or with the
    /// current-thread flavor the thread that is in [`Runtime::block_on`](super::Runtime::block_on).
    ///
    /// ```
    /// use tiny_runtime::runtime::Runtime;
    /// use tiny_runtime::time::{Duration, sleep};
    ///
    /// let runtime = Runtime::new()?;
    /// let handle = runtime.handle().clone();
    /// let thread = std::thread::spawn(move || {
    ///     handle.block_on(async {
    ///         sleep(Duration::from_millis(1)).await; // a timer of that runtime
    ///         1
    ///     })
    /// });
    /// assert_eq!(thread.join().unwrap(), 1);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// Where futures are polled already. If the future panics.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        boxed_if_large!(future: F, Box::pin => {
            let future = report::future("block_on", future);
            context::enter_block_on(&self.0, || block_on::block_on(future))
        })
    }

    /// Makes this runtime the thread's current one, as long as the guard lives.
    ///
    /// ```
    /// use tiny_runtime::{runtime::Runtime, task};
    ///
    /// let runtime = Runtime::new()?;
    /// let handle = runtime.handle().clone();
    /// let _guard = handle.enter();
    /// let task = task::spawn(async { 1 });
    /// assert_eq!(handle.block_on(task)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn enter(&self) -> EnterGuard<'_> {
        EnterGuard {
            _current: context::OrderedGuard::new(&self.0),
            _runtime: std::marker::PhantomData,
        }
    }

    /// Returns the counts of this runtime.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_multi_thread().worker_threads(2).build()?;
    /// assert_eq!(runtime.handle().metrics().num_workers(), 2);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn metrics(&self) -> RuntimeMetrics {
        RuntimeMetrics(self.0.clone())
    }
}

/// The error of [`Handle::try_current`]: the thread has no current runtime.
///
/// ```
/// let error = tiny_runtime::runtime::Handle::try_current().unwrap_err();
/// assert_eq!(error.to_string(), "there is no tiny-runtime on this thread");
/// ```
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
