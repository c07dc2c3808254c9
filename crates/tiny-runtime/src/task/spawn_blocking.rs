//! `spawn_blocking`: a closure on a thread of the pool.
//!
//! Tokio's counterpart: `tokio/src/task/blocking.rs`.

use crate::runtime::context;
use crate::runtime::report;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::task::{JoinHandle, boxed_if_large};

/// Runs a closure that may block on a thread of its own, beside the workers.
///
/// ```
/// use tiny_runtime::task::spawn_blocking;
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let sum = spawn_blocking(|| (1..=1_000_000_u64).sum::<u64>());
/// assert_eq!(sum.await?, 500_000_500_000);
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
///
/// The closure starts even if nobody awaits the handle. [`JoinHandle::abort`] stops it only if it has
/// not begun; a runtime that is dropped waits for it.
///
/// # Panics
///
/// Outside of a runtime.
#[track_caller]
pub fn spawn_blocking<F, R>(closure: F) -> JoinHandle<R>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    let shared = context::current();
    boxed_if_large!(closure: F, Box::new => Shared::spawn_blocking(&shared, report::closure(closure)))
}
