//! Why a task has no output: it was cancelled, or it panicked.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/error.rs`. There a task has an id, which the error
//! names; here it has none.

use std::any::Any;
use std::fmt;
use std::sync::{Mutex, PoisonError}; // guards no protocol: it makes the payload `Sync`

/// Why a task has no output: it was cancelled, or it panicked.
///
/// It has eight bytes, since every task has room for one.
///
/// ```
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let task = tiny_runtime::spawn(async { panic!("no luck") });
/// let error = task.await.unwrap_err();
/// assert_eq!(error.to_string(), "task panicked with message \"no luck\"");
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
pub struct JoinError(Option<Box<Mutex<Payload>>>);

type Payload = Box<dyn Any + Send>;

impl JoinError {
    pub(crate) fn cancelled() -> Self {
        Self(None)
    }

    pub(crate) fn panicked(payload: Payload) -> Self {
        Self(Some(Box::new(Mutex::new(payload))))
    }

    /// Returns whether the task was aborted, or its runtime ended first.
    ///
    /// ```
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let task = tiny_runtime::spawn(std::future::pending::<()>());
    /// task.abort();
    /// assert!(task.await.unwrap_err().is_cancelled());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn is_cancelled(&self) -> bool {
        self.0.is_none()
    }

    /// Returns whether the task panicked.
    ///
    /// ```
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let task = tiny_runtime::spawn(async { panic!("no luck") });
    /// assert!(task.await.unwrap_err().is_panic());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn is_panic(&self) -> bool {
        self.0.is_some()
    }

    /// Returns the panic's payload, for [`resume_unwind`](std::panic::resume_unwind).
    ///
    /// ```
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let task = tiny_runtime::spawn(async { panic!("no luck") });
    /// let payload = task.await.unwrap_err().into_panic();
    /// assert_eq!(payload.downcast_ref(), Some(&"no luck"));
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If the task did not panic.
    #[track_caller]
    pub fn into_panic(self) -> Box<dyn Any + Send> {
        self.try_into_panic().expect("`JoinError` reason is not a panic.")
    }

    /// Returns the panic's payload.
    ///
    /// ```
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let task = tiny_runtime::spawn(async { panic!("no luck") });
    /// let error = task.await.unwrap_err();
    /// assert!(error.try_into_panic().is_ok());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// The error itself, if the task did not panic.
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
