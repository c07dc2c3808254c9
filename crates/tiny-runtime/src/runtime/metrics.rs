//! The counts of a runtime.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `counters`, each of them: `Relaxed` | – | nothing: a count (`scheduler/counters.rs`) |
//!
//! Tokio's counterpart: `tokio/src/runtime/metrics/runtime.rs`.

use crate::runtime::scheduler::shared::Shared;
use crate::sync::Arc;
use crate::sync::atomic::Ordering::Relaxed;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// The counts of a runtime, as of now.
///
/// A worker publishes its counts when it polls the driver. So they are exact when the runtime has nothing
/// to do.
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
    /// Returns the number of workers.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_multi_thread().worker_threads(2).build()?;
    /// assert_eq!(runtime.metrics().num_workers(), 2);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn num_workers(&self) -> usize {
        self.0.config.workers
    }

    /// Returns the number of tasks in the global queue.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build()?;
    /// runtime.spawn(async {}); // nobody is in `block_on`
    /// assert_eq!(runtime.metrics().global_queue_depth(), 1);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn global_queue_depth(&self) -> usize {
        self.0.inject.len()
    }

    /// Returns the number of tasks in the worker's own queue, without the LIFO slot. With the
    /// current-thread flavor it is always 0, since no other thread looks into that queue.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let mut runtime = Builder::new_multi_thread().worker_threads(1).build_stepped()?;
    /// let handle = runtime.handle().clone();
    /// handle.spawn(async { for _ in 0..3 { tiny_runtime::spawn(async {}); } });
    /// runtime.step(0); // runs it, and the last of the three, from the slot
    /// assert_eq!(handle.metrics().worker_local_queue_depth(0), 2);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    pub fn worker_local_queue_depth(&self, worker: usize) -> usize {
        self.0.remotes[worker].stealer.len() as usize
    }

    /// Returns the number of tasks that wait, or have waited and are not over. The runtime does not
    /// count a task that has never waited.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build()?;
    /// runtime.spawn(std::future::pending::<()>());
    /// runtime.block_on(tiny_runtime::task::yield_now());
    /// assert_eq!(runtime.metrics().num_waiting_tasks(), 1);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn num_waiting_tasks(&self) -> usize {
        self.0.waiting_tasks.len()
    }

    /// Returns the number of ticks in which the worker has polled a task.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let mut runtime = Builder::new_multi_thread().worker_threads(1).build_stepped()?;
    /// runtime.handle().spawn(async {});
    /// runtime.run_until_asleep(0);
    /// runtime.step(0); // a driver poll publishes the count
    /// assert_eq!(runtime.handle().metrics().worker_poll_count(0), 1);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    pub fn worker_poll_count(&self, worker: usize) -> u64 {
        self.0.remotes[worker].counters.polls.load(Relaxed)
    }

    /// Returns how many times the worker has stolen.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let mut runtime = Builder::new_multi_thread().worker_threads(2).build_stepped()?;
    /// let handle = runtime.handle().clone();
    /// handle.spawn(async { for _ in 0..5 { tiny_runtime::spawn(async {}); } });
    /// runtime.step(0);
    /// runtime.step(1); // steals half of the four in the queue
    /// assert_eq!(handle.metrics().worker_steal_operations(1), 1);
    /// assert_eq!(handle.metrics().worker_steal_count(1), 2);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    pub fn worker_steal_operations(&self, worker: usize) -> u64 {
        self.0.remotes[worker].counters.steals.load(Relaxed)
    }

    /// Returns how many tasks the worker has stolen.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let mut runtime = Builder::new_multi_thread().worker_threads(2).build_stepped()?;
    /// let handle = runtime.handle().clone();
    /// handle.spawn(async { for _ in 0..5 { tiny_runtime::spawn(async {}); } });
    /// runtime.step(0);
    /// runtime.step(1); // steals half of the four in the queue
    /// assert_eq!(handle.metrics().worker_steal_count(1), 2);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    pub fn worker_steal_count(&self, worker: usize) -> u64 {
        self.0.remotes[worker].counters.stolen.load(Relaxed)
    }

    /// Returns how many times the worker's queue was full, so that half of it went to the global queue.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let mut runtime = Builder::new_multi_thread().worker_threads(1).build_stepped()?;
    /// let handle = runtime.handle().clone();
    /// handle.spawn(async { for _ in 0..258 { tiny_runtime::spawn(async {}); } });
    /// runtime.step(0); // 256 fit beside the slot
    /// assert_eq!(handle.metrics().worker_overflow_count(0), 1);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    pub fn worker_overflow_count(&self, worker: usize) -> u64 {
        self.0.remotes[worker].counters.overflows.load(Relaxed)
    }

    /// Returns how many times the worker has parked, because it had nothing to do.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    /// use tiny_runtime::time::{Duration, sleep};
    ///
    /// let runtime = Builder::new_current_thread().build()?;
    /// runtime.block_on(async { sleep(Duration::from_millis(1)).await });
    /// assert!(runtime.metrics().worker_park_count(0) >= 1);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    pub fn worker_park_count(&self, worker: usize) -> u64 {
        self.0.remotes[worker].counters.parks.load(Relaxed)
    }

    /// Returns the number of threads of the blocking pool, without those of the workers.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build()?;
    /// assert_eq!(runtime.metrics().num_blocking_threads(), 0);
    /// runtime.block_on(runtime.spawn_blocking(|| {}))?;
    /// assert_eq!(runtime.metrics().num_blocking_threads(), 1); // kept for ten seconds
    /// # std::io::Result::Ok(())
    /// ```
    pub fn num_blocking_threads(&self) -> usize {
        self.0.pool.threads()
    }

    /// Returns the number of closures, and of workers in `block_in_place`, that wait for a thread of the
    /// pool.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    /// use std::sync::mpsc;
    ///
    /// let runtime = Builder::new_current_thread().max_blocking_threads(1).build()?;
    /// let (started, has_started) = mpsc::channel();
    /// let (release, is_released) = mpsc::channel::<()>();
    /// runtime.spawn_blocking(move || (started.send(()).unwrap(), is_released.recv()));
    /// has_started.recv().unwrap();
    /// runtime.spawn_blocking(|| {}); // waits for the one thread
    /// assert_eq!(runtime.metrics().blocking_queue_depth(), 1);
    /// drop(release);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn blocking_queue_depth(&self) -> usize {
        self.0.pool.queued()
    }
}
