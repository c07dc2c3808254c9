//! A handle that can only abort.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/abort.rs`.

use super::reference::TaskRef;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// Aborts a task, without waiting for it. Any number of these can exist, for any time.
///
/// ```
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let task = tiny_runtime::spawn(std::future::pending::<()>());
/// let abort = task.abort_handle();
/// abort.abort();
/// assert!(task.await.unwrap_err().is_cancelled());
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone)]
pub struct AbortHandle(TaskRef);

impl UnwindSafe for AbortHandle {}
impl RefUnwindSafe for AbortHandle {}

impl AbortHandle {
    pub(super) fn new(task: TaskRef) -> Self {
        Self(task)
    }

    /// Aborts the task, as [`JoinHandle::abort`](crate::task::JoinHandle::abort).
    ///
    /// ```
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let task = tiny_runtime::spawn(std::future::pending::<()>());
    /// task.abort_handle().abort();
    /// assert!(task.await.unwrap_err().is_cancelled());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn abort(&self) {
        self.0.abort();
    }

    /// Returns whether the task is over, as [`JoinHandle::is_finished`](crate::task::JoinHandle::is_finished).
    ///
    /// ```
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let task = tiny_runtime::spawn(async {});
    /// let abort = task.abort_handle();
    /// task.await?;
    /// assert!(abort.is_finished());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn is_finished(&self) -> bool {
        self.0.header().state.is_complete()
    }
}

impl fmt::Debug for AbortHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortHandle").field("is_finished", &self.is_finished()).finish()
    }
}
