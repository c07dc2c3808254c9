//! The state that all workers of a runtime share, and how a task gets into the global queue.
//!
//! A task that a worker wakes goes into that worker's LIFO slot, and the task that was there to the back
//! of its own queue. A task that another thread wakes goes into the global queue. In both cases one
//! sleeping worker is woken, if there is a task for it to find (`idle.rs`).
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | the fence of `close`: `SeqCst`, between the signal and the look into the queues | the fence of `stop_searching`, between the steal and the look at the signals | a task that a thief has just moved: the thief could miss the end, and the undertaker the task |
//! | `blocking_in_flight`, one less: `Release` | `blocking_in_flight`, read by `current_thread.rs`: `Acquire` | the wake of the closure's waiter, which comes before |
//! | `blocking_in_flight`, one more: `Relaxed` | – | nothing: the thread that reads it has counted the closure itself, or a closure that is still counted has |
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/handle.rs` and `worker.rs`.

use super::config::{Config, Flavor};
use super::core::Core;
use super::counters::Counters;
use super::idle::Idle;
use super::inject::{Inject, Pushed};
use super::lifo_slot::Taker;
use super::queue::Stealer;
use super::waiting_tasks::WaitingTasks;
use crate::foreign::ForeignWaker;
use crate::runtime::blocking::pool::Pool;
use crate::runtime::io::reactor::Registry;
use crate::runtime::park::{Parker, SharedDriver};
use crate::runtime::task::Notified;
use crate::runtime::time::timers::Timers;
use crate::sync::atomic::Ordering::{Relaxed, Release, SeqCst};
use crate::sync::atomic::{AtomicBool, AtomicUsize, fence};
use crate::sync::{Arc, CachePadded, Mutex, lock};

pub(crate) struct Shared {
    /// Apart from the counts below, which other threads write.
    pub(crate) config: CachePadded<Config>,
    pub(crate) inject: CachePadded<Inject>,
    pub(crate) idle: CachePadded<Idle>,
    pub(crate) waiting_tasks: WaitingTasks,
    pub(crate) remotes: Box<[CachePadded<Remote>]>,
    pub(crate) driver: Arc<SharedDriver>,
    pub(crate) timers: Arc<Timers>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) pool: Pool<InFlight>,
    /// Blocking closures that wait or run.
    pub(crate) blocking_in_flight: AtomicUsize,
    /// Threads that may run or drop a task, each of which keeps this. See `shutdown.rs`.
    pub(crate) active_threads: AtomicUsize,
    /// The cores of the workers that have ended.
    pub(crate) shutdown_cores: Mutex<Vec<Core>>,
    /// Where the thread that ends the runtime sleeps while polls still run.
    pub(crate) undertaker: Parker,
    /// Current thread: the future of `block_on` was woken.
    pub(crate) root_woken: AtomicBool,
    /// Current thread: callers of `block_on` that wait for the core.
    pub(crate) wait_for_core: Mutex<Vec<ForeignWaker>>,
}

/// A worker, as the others see it.
pub(crate) struct Remote {
    pub(crate) stealer: Stealer,
    pub(crate) lifo_slot: Taker,
    pub(crate) parker: Parker,
    /// The worker's core while no thread has it.
    pub(crate) handoff: Mutex<Option<Box<Core>>>,
    pub(crate) counters: CachePadded<Counters>,
}

impl Shared {
    /// Queues a woken task for the worker that comes first.
    pub(crate) fn push_from_outside(&self, task: Notified) {
        if self.inject.push(task) == Pushed::Closed {
            return self.undertaker.unpark();
        }
        self.wake_one_from_outside();
    }

    /// Queues the tasks that have no room in a worker's own queue. That worker wakes another one itself.
    pub(super) fn push_overflow(&self, tasks: &mut dyn Iterator<Item = Notified>) {
        if self.inject.push_all(tasks) == Pushed::Closed {
            self.undertaker.unpark();
        }
    }

    /// Returns whether the runtime ends.
    #[inline]
    pub(crate) fn is_shutdown(&self) -> bool {
        self.inject.signals().is_shutdown()
    }

    /// From now on no task is spawned, and no poll begins.
    pub(crate) fn close(&self) {
        self.inject.close();
        // Before the look into the workers' queues. A thief that moves tasks meanwhile sees the signal, or its
        // tasks are seen (`Worker::step`).
        fence(SeqCst);
        self.remotes.iter().for_each(|remote| remote.parker.unpark());
    }

    /// Wakes a worker that sleeps, because there is work for it.
    #[inline]
    pub(crate) fn wake_one(&self) {
        if let Some(worker) = self.idle.claim_sleeper() {
            self.remotes[worker].parker.unpark();
        }
    }

    pub(super) fn wake_one_from_outside(&self) {
        match self.config.flavor {
            Flavor::MultiThread => self.wake_one(),
            Flavor::CurrentThread => self.remotes[0].parker.unpark(),
        }
    }

    /// Looks once more for the last searcher, which has given up.
    pub(crate) fn wake_one_if_there_is_work(&self) {
        if self.has_work() {
            self.wake_one();
        }
    }

    /// Wakes a successor for the last searcher, which has found a task. If that task runs for long, another
    /// worker has to do the rest.
    pub(crate) fn wake_one_if_needed(&self) {
        if self.driver.is_vacant() || self.has_work() {
            self.wake_one();
        }
    }

    pub(crate) fn has_work(&self) -> bool {
        self.inject.len() > 0 || self.remotes.iter().any(|remote| remote.stealer.len() > 0)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        debug_assert_eq!(self.waiting_tasks.len(), 0, "a runtime ends after its tasks");
        debug_assert!(lock(&self.shutdown_cores).is_empty());
    }
}

/// Counts a blocking closure that waits or runs. A paused clock does not jump meanwhile, since the closure
/// takes real time.
pub(crate) struct InFlight(pub(crate) Arc<Shared>);

impl InFlight {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        shared.blocking_in_flight.fetch_add(1, Relaxed);
        Self(shared.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.blocking_in_flight.fetch_sub(1, Release);
        if self.0.config.flavor == Flavor::CurrentThread {
            self.0.remotes[0].parker.unpark();
        }
    }
}
