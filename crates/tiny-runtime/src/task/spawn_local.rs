//! `spawn_local`: a task that stays on its thread.
//!
//! Tokio's counterpart: `tokio/src/task/local.rs`.

use crate::runtime::context;
use crate::runtime::report;
use crate::runtime::scheduler::schedule::spawned;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::task::{JoinHandle, boxed_if_large};
use crate::sync::thread;

/// Spawns a task that need not be `Send`, in a [`LocalRuntime`](crate::runtime::LocalRuntime).
///
/// ```
/// use std::rc::Rc;
/// use tiny_runtime::{runtime::Builder, task::spawn_local};
///
/// let runtime = Builder::new_current_thread().build_local(Default::default())?;
/// let shared = Rc::new(7);
/// let task = async { spawn_local(async move { *shared }).await };
/// assert_eq!(runtime.block_on(task)?, 7);
/// # std::io::Result::Ok(())
/// ```
///
/// # Panics
///
/// Where that is not the current runtime, and on another thread than its own.
#[track_caller]
pub fn spawn_local<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    boxed_if_large!(future: F, Box::pin => onto_home(future))
}

#[track_caller]
fn onto_home<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let home = context::with_current(|shared| shared.config.home);
    assert!(
        home == Some(thread::current().id()),
        "`spawn_local` called from outside of a `LocalRuntime`"
    );
    let future = report::future("local", future);
    spawned(context::with_current(|shared| Shared::spawn(shared, future)))
}
