//! Giving way on purpose.
//!
//! The waker is called after the next driver poll, and the task then queues behind the tasks that are
//! ready. If it woke itself at once, two such tasks could alternate without end, and nothing else
//! would run.
//!
//! Tokio's counterpart: `tokio/src/task/yield_now.rs`.

use crate::runtime::task::defer::defer;
use std::future::poll_fn;
use std::task::Poll;

/// Gives way: returns to the scheduler, and goes on after the tasks that are ready.
///
/// ```
/// use tiny_runtime::task::{spawn, yield_now};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let other = spawn(async {});
/// yield_now().await;
/// assert!(other.is_finished());
/// # });
/// # std::io::Result::Ok(())
/// ```
///
/// # Non-guarantees
///
/// Which tasks run in between. If none is ready, it goes on after one driver poll. In a branch of
/// `join!` or `select!`, it gives way only after the other branches have.
///
/// # Cancel safety
///
/// A call that is dropped has only given way; a new call gives way again.
pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        defer(context.waker());
        Poll::Pending
    })
    .await;
}
