//! `spawn`: a future becomes a task of the current runtime.
//!
//! Tokio's counterpart: `tokio/src/task/spawn.rs`.

use crate::runtime::context;
use crate::runtime::report;
use crate::runtime::scheduler::schedule::spawned;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::task::{JoinHandle, boxed_if_large};

/// Spawns a task onto the current runtime. It runs even if nobody awaits the handle.
///
/// If the runtime has ended, the handle reports "cancelled".
///
/// ```
/// use tiny_runtime::task::spawn;
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let task = spawn(async { 1 + 1 });
/// assert_eq!(task.await?, 2);
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
///
/// # Panics
///
/// Outside of a runtime.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    boxed_if_large!(future: F, Box::pin => onto_current(future))
}

#[track_caller]
#[inline]
fn onto_current<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let future = report::future("task", future);
    spawned(context::with_current(|shared| Shared::spawn(shared, future)))
}
