//! `block_in_place`: the queues move to another thread, the blocking code stays where it is.
//!
//! A worker that blocks keeps its tasks waiting. So before the closure runs, the worker's core is put
//! where a thread of the blocking pool finds it and works on; after the closure the worker takes it
//! back, if that thread has not come yet. What shares the task, the other branches of a `join!`, waits.
//!
//! Tokio's counterpart: `block_in_place` in `tokio/src/runtime/scheduler/multi_thread/worker.rs`.

use crate::runtime::context;
use crate::runtime::scheduler::config::Flavor;
use crate::runtime::scheduler::worker::{Worker, with_worker};
use crate::runtime::shutdown;
use crate::runtime::task::coop;
use crate::sync::atomic::Ordering::Relaxed;
use crate::sync::lock;

/// Runs a closure that may block on this thread, and has another one do its work meanwhile.
///
/// Outside of a runtime it only runs the closure.
///
/// # Panics
///
/// In a current-thread runtime, where there is no other thread to do the work.
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

/// Takes the core back when the closure is over, also by a panic.
struct TakeBack<'a>(&'a Worker);

impl Drop for TakeBack<'_> {
    fn drop(&mut self) {
        let core = lock(&self.0.shared.remotes[self.0.index].handoff).take();
        self.0.set_core(core);
    }
}

impl Worker {
    /// Puts the core where another thread finds it. None if it is not here.
    fn hand_over(&self) -> Option<TakeBack<'_>> {
        // A waker blocks, called by the driver, which this thread cannot leave to another.
        if self.is_in_driver() {
            return None;
        }
        // What has yielded stays with the thread, and comes back only when it looks at events.
        self.wake_deferred();
        let mut core = self.take_core()?;
        core.lifo_enabled = self.shared.config.lifo_slot;
        // What was to run next, on this worker, is for everybody now.
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
                None => shutdown::leave(&shared), // it was taken back
            }
        });
        if started.is_err() {
            // There is no thread to be had: the core waits for this one.
            shutdown::leave(&self.shared);
        }
        Some(TakeBack(self))
    }
}

#[cfg(all(loom, test))]
mod models;
