//! Tasks that are not `Send`: a current-thread runtime that stays on its thread.
//!
//! Its tasks are polled and dropped by that thread alone, since only it can call `block_on`, and drop
//! the runtime. They may be woken from anywhere.
//!
//! Tokio's counterpart: `tokio/src/runtime/local_runtime/` and, older, `LocalSet`.

use crate::runtime::handle::Handle;
use crate::runtime::runtime::Runtime;
use crate::runtime::scheduler::schedule::spawned;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::task::JoinHandle;
use std::marker::PhantomData;

/// See [`Builder::build_local`](crate::runtime::Builder::build_local).
///
/// ```
/// use std::rc::Rc;
/// use tiny_runtime::{runtime::Builder, task::spawn_local};
///
/// let runtime = Builder::new_current_thread().build_local(Default::default())?;
/// let here = Rc::new(1);
/// let there = here.clone();
/// let task = runtime.block_on(async { spawn_local(async move { *there }).await });
/// assert_eq!(task.unwrap(), *here);
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct LocalRuntime {
    runtime: Runtime,
    /// Neither `Send` nor `Sync`.
    _not_send: PhantomData<*const ()>,
}

impl From<Runtime> for LocalRuntime {
    fn from(runtime: Runtime) -> Self {
        Self { runtime, _not_send: PhantomData }
    }
}

impl LocalRuntime {
    /// As [`Runtime::block_on`].
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Spawns a task that may stay on this thread.
    pub fn spawn_local<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        spawned(Shared::spawn(&self.runtime.handle.0, future))
    }

    /// As [`Runtime::handle`]. What is spawned by a handle has to be `Send`.
    pub fn handle(&self) -> &Handle {
        self.runtime.handle()
    }
}
