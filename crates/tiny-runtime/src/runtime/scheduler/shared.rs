//! What all workers of a runtime share, and how a task gets into a queue.
//!
//! A task woken by a worker goes to that worker: into its LIFO slot, and what was there to the back
//! of its own queue. A task woken by any other thread goes to the global queue. Either way one
//! sleeping worker is woken, if there is something for it to find (`idle.rs`).
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
use crate::sync::atomic::Ordering::{AcqRel, Relaxed, SeqCst};
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
    /// Queues a woken task for whoever comes first.
    pub(crate) fn push_from_outside(&self, task: Notified) {
        if self.inject.push(task) == Pushed::Closed {
            return self.undertaker.unpark();
        }
        self.wake_one_from_outside();
    }

    /// Queues what has no room in a worker's own queue. The worker wakes another one by itself.
    pub(super) fn push_overflow(&self, tasks: &mut dyn Iterator<Item = Notified>) {
        if self.inject.push_all(tasks) == Pushed::Closed {
            self.undertaker.unpark();
        }
    }

    /// Returns whether the runtime ends.
    #[inline]
    pub(crate) fn is_shutdown(&self) -> bool {
        self.config.is_shutdown()
    }

    /// From now on no task is spawned, and no poll begins.
    pub(crate) fn close(&self) {
        self.config.is_shutdown.store(true, Relaxed);
        // Between this and the look into the workers' queues: a thief that has moved tasks from one
        // to another meanwhile sees this, or its tasks are seen (`Worker::step`).
        fence(SeqCst);
        self.inject.close();
        self.remotes.iter().for_each(|remote| remote.parker.unpark());
    }

    /// There is work that others could do: wakes one of those who sleep.
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

    /// The last searcher has given up, and looks once more.
    pub(crate) fn wake_one_if_there_is_work(&self) {
        if self.has_work() {
            self.wake_one();
        }
    }

    /// The last searcher has found something. If it runs long, others have to do the rest.
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

/// A closure that waits or runs: a paused clock does not jump, since its end is not in virtual time.
pub(crate) struct InFlight(pub(crate) Arc<Shared>);

impl InFlight {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        shared.blocking_in_flight.fetch_add(1, AcqRel);
        Self(shared.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.blocking_in_flight.fetch_sub(1, AcqRel);
        if self.0.config.flavor == Flavor::CurrentThread {
            self.0.remotes[0].parker.unpark();
        }
    }
}
