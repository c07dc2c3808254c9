//! Why a task has no output: it was cancelled, or it panicked.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/error.rs`. There a task has an id, which the error
//! names; here it has none.

use std::any::Any;
use std::fmt;
use std::sync::{Mutex, PoisonError}; // guards no protocol: it makes the payload `Sync`

/// Why a task has no output.
///
/// Eight bytes, since every task has room for one.
pub struct JoinError(Option<Box<Mutex<Payload>>>);

type Payload = Box<dyn Any + Send>;

impl JoinError {
    pub(crate) fn cancelled() -> Self {
        Self(None)
    }

    pub(crate) fn panicked(payload: Payload) -> Self {
        Self(Some(Box::new(Mutex::new(payload))))
    }

    /// The task was aborted, or its runtime ended before it did.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_none()
    }

    /// The task panicked.
    pub fn is_panic(&self) -> bool {
        self.0.is_some()
    }

    /// What it panicked with, for [`resume_unwind`](std::panic::resume_unwind).
    ///
    /// # Panics
    ///
    /// When the task did not panic.
    #[track_caller]
    pub fn into_panic(self) -> Box<dyn Any + Send> {
        self.try_into_panic().expect("`JoinError` reason is not a panic.")
    }

    /// What it panicked with.
    ///
    /// # Errors
    ///
    /// The error itself, when the task did not panic.
    pub fn try_into_panic(self) -> Result<Box<dyn Any + Send>, Self> {
        match self.0 {
            Some(payload) => Ok(payload.into_inner().unwrap_or_else(PoisonError::into_inner)),
            None => Err(self),
        }
    }

    fn message(&self) -> Option<String> {
        let payload = self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let text = payload.downcast_ref::<&str>().copied().map(str::to_owned);
        text.or_else(|| payload.downcast_ref::<String>().cloned())
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_cancelled(), self.message()) {
            (true, _) => f.write_str("task was cancelled"),
            (false, Some(message)) => write!(f, "task panicked with message {message:?}"),
            (false, None) => f.write_str("task panicked"),
        }
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinError({self})")
    }
}

impl std::error::Error for JoinError {}

impl From<JoinError> for std::io::Error {
    fn from(error: JoinError) -> Self {
        Self::other(error)
    }
}
