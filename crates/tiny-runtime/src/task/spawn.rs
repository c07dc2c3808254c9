//! `spawn`: a future becomes a task of the current runtime.
//!
//! Tokio's counterpart: `tokio/src/task/spawn.rs`.

use crate::runtime::context;
use crate::runtime::scheduler::schedule::spawned;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::task::JoinHandle;

/// Spawns a task onto the current runtime. It runs even if nobody awaits the handle.
///
/// When the runtime has ended already, the handle says "cancelled".
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
    spawned(context::with_current(|shared| Shared::spawn(shared, future)))
}
