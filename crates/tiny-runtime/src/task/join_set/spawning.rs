//! Spawning into a set.
//!
//! Tokio's counterpart: `tokio/src/task/join_set.rs`.

use super::JoinSet;
use crate::runtime::handle::Handle;
use crate::runtime::task::AbortHandle;
use crate::task::{spawn, spawn_blocking, spawn_local};

impl<T: Send + 'static> JoinSet<T> {
    /// Spawns a task onto the current runtime, and puts it into the set.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn(async { 1 });
    /// assert_eq!(tasks.join_next().await.unwrap()?, 1);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a runtime.
    #[track_caller]
    pub fn spawn<F: Future<Output = T> + Send + 'static>(&mut self, future: F) -> AbortHandle {
        self.insert(spawn(future))
    }

    /// Spawns a task onto the runtime of `handle`, and puts it into the set.
    ///
    /// ```
    /// use tiny_runtime::{runtime::Runtime, task::JoinSet};
    ///
    /// let runtime = Runtime::new()?;
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn_on(async { 1 }, runtime.handle());
    /// assert_eq!(runtime.block_on(tasks.join_all()), [1]);
    /// # std::io::Result::Ok(())
    /// ```
    #[track_caller]
    pub fn spawn_on<F>(&mut self, future: F, handle: &Handle) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
    {
        self.insert(handle.spawn(future))
    }

    /// Runs a closure on the blocking pool, as [`spawn_blocking`](crate::task::spawn_blocking), and puts it
    /// into the set.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn_blocking(|| 1);
    /// assert_eq!(tasks.join_next().await.unwrap()?, 1);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a runtime.
    #[track_caller]
    pub fn spawn_blocking<F: FnOnce() -> T + Send + 'static>(&mut self, closure: F) -> AbortHandle {
        self.insert(spawn_blocking(closure))
    }

    /// As [`spawn_blocking`](Self::spawn_blocking), on the pool of the runtime of `handle`.
    ///
    /// ```
    /// use tiny_runtime::{runtime::Runtime, task::JoinSet};
    ///
    /// let runtime = Runtime::new()?;
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn_blocking_on(|| 1, runtime.handle());
    /// assert_eq!(runtime.block_on(tasks.join_all()), [1]);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn spawn_blocking_on<F>(&mut self, closure: F, handle: &Handle) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
    {
        self.insert(handle.spawn_blocking(closure))
    }
}

impl<T: 'static> JoinSet<T> {
    /// Spawns a task that stays on this thread, as [`spawn_local`](crate::task::spawn_local), and puts it
    /// into the set.
    ///
    /// ```
    /// use std::rc::Rc;
    /// use tiny_runtime::{runtime::Builder, task::JoinSet};
    ///
    /// let runtime = Builder::new_current_thread().build_local(Default::default())?;
    /// let number = Rc::new(1);
    /// let outputs = async {
    ///     let mut tasks = JoinSet::new();
    ///     tasks.spawn_local(async move { *number });
    ///     tasks.join_all().await
    /// };
    /// assert_eq!(runtime.block_on(outputs), [1]);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// As [`spawn_local`](crate::task::spawn_local).
    #[track_caller]
    pub fn spawn_local<F: Future<Output = T> + 'static>(&mut self, future: F) -> AbortHandle {
        self.insert(spawn_local(future))
    }
}
