//! Without the feature `tracing`: nothing.
//!
//! Tokio's counterpart: `cfg_not_trace!` in `tokio/src/util/trace.rs`.

use std::ops::Deref;
use std::time::Duration;

/// Returns the future.
#[inline]
pub(crate) fn future<F>(_kind: &'static str, future: F) -> F {
    future
}

/// Returns the closure.
#[inline]
pub(crate) fn closure<F>(closure: F) -> F {
    closure
}

/// The runtime of a `Sleep`.
#[derive(Debug)]
pub(crate) struct Timer<T>(T);

impl<T> Timer<T> {
    #[inline]
    pub(crate) fn new(runtime: T) -> Self {
        Self(runtime)
    }

    #[inline]
    pub(crate) fn set(&self, _duration: impl FnOnce() -> Duration) {}

    #[inline]
    pub(crate) fn polled(&self, _is_ready: bool) {}
}

impl<T> Deref for Timer<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}
