//! The end of a runtime, in four steps.
//!
//! 1. The global queue closes: what is spawned from now on is cancelled at once.
//! 2. All workers wake up, and leave when they look at sockets and timers next.
//! 3. The last thread to leave is alone: it drops all tasks, each in its own place. Wakers may still
//!    be called from anywhere; a task on its way into the global queue is awaited there.
//! 4. Sockets and timers that are still waited for elsewhere end.
//!
//! So no task is left that could know the runtime: that is why tasks need not count it.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/worker.rs`, `shutdown_core`. There
//! each worker drops tasks as it leaves.

use crate::runtime::context;
use crate::runtime::scheduler::core::Core;
use crate::runtime::scheduler::shared::Shared;
use crate::sync::atomic::Ordering::AcqRel;
use crate::sync::{Arc, lock, thread};

/// Steps 1 and 2.
pub(crate) fn begin(shared: &Shared) {
    shared.inject.close();
    shared.wake_all();
}

/// As [`leave`], with the core whose tasks are to be dropped.
pub(crate) fn leave_with(shared: &Arc<Shared>, core: Option<Box<Core>>) {
    lock(&shared.shutdown_cores).extend(core.map(|core| *core));
    leave(shared);
}

/// A thread that may have run tasks runs none any more.
pub(crate) fn leave(shared: &Arc<Shared>) {
    if shared.active_threads.fetch_sub(1, AcqRel) == 1 {
        context::with_in_runtime(true, || drop_all_tasks(shared));
        shared.timers.shutdown();
        shared.registry.shutdown();
    }
}

fn drop_all_tasks(shared: &Arc<Shared>) {
    // What is dropped may spawn, and is told that there is no more of that.
    let _current = context::try_set_current(shared);
    for mut core in std::mem::take(&mut *lock(&shared.shutdown_cores)) {
        while let Some(task) = core.lifo_slot.take().or_else(|| core.queue.pop()) {
            task.cancel();
        }
    }
    loop {
        for task in shared.waiting_tasks.abort_all() {
            task.cancel();
        }
        let mut queued = Vec::new();
        shared.inject.pop(usize::MAX, |task| queued.push(task));
        if queued.is_empty() {
            if shared.waiting_tasks.len() == 0 {
                return;
            }
            // Woken by a thread that has not queued it yet.
            thread::yield_now();
        }
        for task in queued {
            task.cancel();
        }
    }
}
