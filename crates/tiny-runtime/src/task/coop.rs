//! The budget, for the operations of other crates: each takes a unit, as this crate's own operations do.
//!
//! Tokio's counterpart: `tokio/src/task/coop/mod.rs` and `consume_budget.rs`.

use crate::runtime::task::coop;
use pin_project_lite::pin_project;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pub use crate::task::unconstrained::{Unconstrained, unconstrained};

/// Takes a unit of the budget of 128 operations a tick. If none is left, gives way first, as
/// [`yield_now`](crate::task::yield_now) does.
///
/// Call it in a loop whose operations take nothing from the budget, as those of Tokio's channels and locks.
/// Then the other tasks run, and a [`timeout`](crate::time::timeout) around the loop fires.
///
/// ```
/// use std::time::Duration;
/// use tiny_runtime::{runtime::Runtime, task::coop, time::timeout};
///
/// let endless = async {
///     loop {
///         coop::consume_budget().await;
///     }
/// };
/// let ended: Result<(), _> = Runtime::new()?.block_on(async { timeout(Duration::from_millis(1), endless).await });
/// assert!(ended.is_err());
/// # std::io::Result::Ok(())
/// ```
///
/// # Cancel safety
///
/// A call that is dropped while it gives way has taken nothing.
pub async fn consume_budget() {
    poll_fn(|context| coop::poll_proceed(context).map(coop::Progress::made)).await;
}

/// Returns whether a unit is left. Outside of a task and of `block_on` there always is.
///
/// ```
/// use tiny_runtime::task::coop::{consume_budget, has_budget_remaining};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// for _ in 0..128 {
///     assert!(has_budget_remaining());
///     consume_budget().await;
/// }
/// assert!(!has_budget_remaining());
/// # });
/// # std::io::Result::Ok(())
/// ```
pub fn has_budget_remaining() -> bool {
    coop::is_left()
}

/// Makes the future take a unit of the budget when it is ready, and give way if none is left.
///
/// ```
/// use tiny_runtime::{runtime::Builder, task::coop::cooperative};
///
/// let runtime = Builder::new_current_thread().build()?;
/// assert_eq!(runtime.block_on(cooperative(async { 1 })), 1);
/// # std::io::Result::Ok(())
/// ```
///
/// # Cancel safety
///
/// A `Coop` that is dropped drops the future: it is as cancel safe as the future.
pub fn cooperative<F: Future>(future: F) -> Coop<F> {
    Coop { future }
}

pin_project! {
    /// The future of [`cooperative`].
    ///
    /// ```
    /// use tiny_runtime::task::coop::{Coop, cooperative};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let ready: Coop<_> = cooperative(std::future::ready(1));
    /// assert_eq!(ready.await, 1);
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Coop<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Coop<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let progress = ready!(coop::poll_proceed(context));
        let output = ready!(self.project().future.poll(context));
        progress.made();
        Poll::Ready(output)
    }
}
