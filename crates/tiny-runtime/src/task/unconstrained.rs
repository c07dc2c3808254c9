//! A future without a budget.
//!
//! Tokio's counterpart: `tokio/src/task/coop/unconstrained.rs`.

use crate::runtime::task::coop;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs the future without a budget: it keeps its thread as long as its operations are ready.
///
/// ```
/// use tiny_runtime::{task::{spawn, unconstrained}, time::{Duration, sleep}};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// // Without `unconstrained`, the other task would run after 128 operations.
/// let other = spawn(async {});
/// unconstrained(async {
///     for _ in 0..1_000 {
///         sleep(Duration::ZERO).await; // ready at once, and takes a unit of the budget
///     }
/// }).await;
/// assert!(!other.is_finished());
/// # });
/// # std::io::Result::Ok(())
/// ```
pub fn unconstrained<F: Future>(future: F) -> Unconstrained<F> {
    Unconstrained { future }
}

pin_project! {
    /// The future of [`unconstrained`].
    ///
    /// ```
    /// use tiny_runtime::task::{Unconstrained, unconstrained};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let greedy: Unconstrained<_> = unconstrained(async { 1 });
    /// assert_eq!(greedy.await, 1);
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    #[must_use = "futures do nothing unless polled"]
    pub struct Unconstrained<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Unconstrained<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        coop::without(|| self.project().future.poll(context))
    }
}
