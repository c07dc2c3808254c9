//! `block_in_place`: the queues move to another thread, the blocking code stays where it is.
//!
//! A worker that blocks keeps its tasks waiting. So before the closure runs, the worker puts its core
//! where a thread of the blocking pool finds it and goes on with it. After the closure the worker takes
//! the core back, if that thread has not come yet. The other branches of a `join!` in the same task wait.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `active_threads`, one more: `Relaxed` | – | nothing: the thread that adds one is counted itself, so the count is not 0, and the core passes by the lock of `handoff` |
//!
//! Tokio's counterpart: `block_in_place` in `tokio/src/runtime/scheduler/multi_thread/worker.rs`.

use crate::runtime::context;
use crate::runtime::scheduler::config::Flavor;
use crate::runtime::scheduler::worker::{Worker, with_worker};
use crate::runtime::shutdown;
use crate::runtime::task::coop;
use crate::sync::atomic::Ordering::Relaxed;
use crate::sync::lock;

/// Runs a closure that may block on this thread. Another thread runs this worker's other tasks meanwhile.
///
/// Outside of a runtime it only runs the closure.
///
/// ```
/// use tiny_runtime::{runtime::Builder, spawn, task::block_in_place};
///
/// let runtime = Builder::new_multi_thread().worker_threads(1).build()?;
/// let task = runtime.spawn(async {
///     let other = spawn(async {});
///     block_in_place(|| while !other.is_finished() {}) // another thread runs it
/// });
/// runtime.block_on(task)?;
/// # std::io::Result::Ok(())
/// ```
///
/// # Panics
///
/// In a current-thread runtime, which has no other thread to run the tasks. If the closure panics.
#[track_caller]
pub fn block_in_place<R>(closure: impl FnOnce() -> R) -> R {
    let flavor = with_worker(|worker| worker.map(|worker| worker.shared.config.flavor));
    // Not in a closure, which would be the place of the panic instead of the caller.
    assert!(
        flavor != Some(Flavor::CurrentThread) || !context::is_in_runtime(),
        "can call blocking only when running on the multi-threaded runtime"
    );
    with_worker(|worker| {
        let _take_back = worker.and_then(Worker::hand_over);
        coop::without(|| context::exit_runtime(closure))
    })
}

/// Takes the core back when the closure has returned or panicked.
struct TakeBack<'a>(&'a Worker);

impl Drop for TakeBack<'_> {
    fn drop(&mut self) {
        let core = lock(&self.0.shared.remotes[self.0.index].handoff).take();
        self.0.set_core(core);
    }
}

impl Worker {
    /// Puts the core where another thread finds it. Returns `None` if this thread has no core to hand over.
    fn hand_over(&self) -> Option<TakeBack<'_>> {
        // A waker blocks, in a driver poll. This thread holds the driver and cannot hand it over.
        if self.is_in_driver() {
            return None;
        }
        // A task that has yielded stays with its thread, which would queue it only after a driver poll.
        self.wake_deferred();
        let mut core = self.take_core()?;
        core.lifo_enabled = self.shared.config.lifo_slot;
        // The task that was to run next on this worker is for every worker now.
        if let Some(task) = core.lifo_slot.take() {
            self.push_back(&mut core, task);
        }
        *lock(&self.shared.remotes[self.index].handoff) = Some(core);
        self.shared.active_threads.fetch_add(1, Relaxed);
        let (shared, index) = (self.shared.clone(), self.index);
        let started = self.shared.pool.spawn_worker(move || {
            let core = lock(&shared.remotes[index].handoff).take();
            match core {
                Some(core) => Worker::new(shared, index, core).run_until_shutdown(),
                None => shutdown::leave(&shared), // this worker has taken it back
            }
        });
        if started.is_err() {
            // The system has no thread left: the core waits for this one.
            shutdown::leave(&self.shared);
        }
        Some(TakeBack(self))
    }
}

#[cfg(all(loom, test))]
mod models;
