//! `spawn`: a future becomes a task of the current runtime.
//!
//! Tokio's counterpart: `tokio/src/task/spawn.rs`.

use crate::context;
use crate::join_handle::JoinHandle;
use crate::shared::Shared;
use crate::task::Task;

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

/// Cancels the task if its runtime has ended. Its drop is the user's code, which may ask for the
/// current runtime: so not in `with_current`.
pub(crate) fn spawned<T>((handle, refused): (JoinHandle<T>, Option<Task>)) -> JoinHandle<T> {
    if let Some(task) = refused {
        task.cancel();
    }
    handle
}
