//! Giving way on purpose.
//!
//! Its waker is called after sockets and timers have had a turn, and the task then queues behind what
//! is ready: to wake itself at once would let two such tasks run in turn for ever, and nothing else.
//!
//! Tokio's counterpart: `tokio/src/task/yield_now.rs`.

use crate::runtime::task::defer::defer;
use std::future::poll_fn;
use std::task::Poll;

/// Returns to the scheduler, and comes back after the tasks that are ready.
///
/// # Non-guarantees
///
/// Which tasks run in between. With none ready it comes back after one turn of the driver. Awaited
/// in a branch of `join!` or `select!`, it does not give way before the other branches have.
///
/// # Cancel safety
///
/// Dropped and called again, it gives way again.
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
