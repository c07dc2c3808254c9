//! What a runtime counts.
//!
//! Tokio's counterpart: `tokio/src/runtime/metrics/runtime.rs`.

use crate::runtime::scheduler::shared::Shared;
use crate::sync::Arc;
use crate::sync::atomic::Ordering::Relaxed;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// The counts of a runtime, as of now. A worker publishes its own counts when it polls the driver, so
/// they are exact when the runtime has nothing to do.
///
/// ```
/// use tiny_runtime::runtime::Builder;
///
/// let runtime = Builder::new_multi_thread().worker_threads(2).build()?;
/// let metrics = runtime.metrics();
/// assert_eq!((metrics.num_workers(), metrics.num_waiting_tasks()), (2, 0));
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone)]
pub struct RuntimeMetrics(pub(crate) Arc<Shared>);

// As a handle.
impl UnwindSafe for RuntimeMetrics {}
impl RefUnwindSafe for RuntimeMetrics {}

impl RuntimeMetrics {
    /// Workers.
    pub fn num_workers(&self) -> usize {
        self.0.config.workers
    }

    /// Tasks in the global queue.
    pub fn global_queue_depth(&self) -> usize {
        self.0.inject.len()
    }

    /// Tasks in the worker's own queue, without the LIFO slot. With the current-thread flavor always
    /// 0: nobody else looks into its queue.
    pub fn worker_local_queue_depth(&self, worker: usize) -> usize {
        self.0.remotes[worker].stealer.len() as usize
    }

    /// Tasks that wait, or have waited and are not over. Those that have not waited yet are not
    /// known to the runtime.
    pub fn num_waiting_tasks(&self) -> usize {
        self.0.waiting_tasks.len()
    }

    /// Turns in which the worker has polled a task.
    pub fn worker_poll_count(&self, worker: usize) -> u64 {
        self.0.remotes[worker].counters.polls.load(Relaxed)
    }

    /// Times the worker has stolen.
    pub fn worker_steal_operations(&self, worker: usize) -> u64 {
        self.0.remotes[worker].counters.steals.load(Relaxed)
    }

    /// Tasks it has stolen.
    pub fn worker_steal_count(&self, worker: usize) -> u64 {
        self.0.remotes[worker].counters.stolen.load(Relaxed)
    }

    /// Times its queue was full, and half of it went to the global queue.
    pub fn worker_overflow_count(&self, worker: usize) -> u64 {
        self.0.remotes[worker].counters.overflows.load(Relaxed)
    }

    /// Times the worker has gone to sleep, for want of anything to do.
    pub fn worker_park_count(&self, worker: usize) -> u64 {
        self.0.remotes[worker].counters.parks.load(Relaxed)
    }

    /// Threads of the blocking pool, without the workers'.
    pub fn num_blocking_threads(&self) -> usize {
        self.0.pool.threads()
    }

    /// Closures that wait for one of them, and workers that wait to be taken over.
    pub fn blocking_queue_depth(&self) -> usize {
        self.0.pool.queued()
    }
}
