//! What all workers of a runtime share, and how a task gets into a queue.
//!
//! A task woken by a worker goes to that worker: into its LIFO slot, and what was there to the back
//! of its own queue. A task woken by any other thread goes to the global queue. Either way one
//! sleeping worker is woken, if there is something for it to find (`idle.rs`).
//!
//! Contains `unsafe`: each task has a plain pointer here. It need not count, since a runtime ends
//! only after all its tasks (`shutdown.rs`).
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/worker.rs` and `handle.rs`. There
//! each task has an `Arc`: two more atomic operations a spawn.

#![expect(unsafe_code, reason = "each task has a plain pointer here")]

use crate::blocking::Pool;
use crate::idle::Idle;
use crate::inject::Inject;
use crate::join_handle::JoinHandle;
use crate::owned::OwnedTasks;
use crate::park::{Parker, SharedDriver};
use crate::queue::Stealer;
use crate::reactor::Registry;
use crate::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use crate::sync::{Alone, Arc, Mutex, lock, thread};
use crate::task::{Header, Schedule, Task};
use crate::timers::Timers;
use crate::worker::{self, Core, Worker};
use std::ptr::NonNull;
use std::task::Waker;

/// Futures above this are boxed before they are spawned: the task's cell is built on the stack and
/// then moved to the heap, a few times over without optimization.
const BOX_ABOVE: usize = if cfg!(debug_assertions) { 2048 } else { 16384 };

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Flavor {
    /// Workers with threads of their own.
    MultiThread,
    /// One worker, run by whichever thread is in `Runtime::block_on`.
    CurrentThread,
}

/// What `Builder` has been told.
pub(crate) struct Config {
    pub(crate) flavor: Flavor,
    pub(crate) workers: usize,
    /// Turns between two looks at sockets and timers.
    pub(crate) event_interval: u32,
    /// Turns between two looks into the global queue, if the user sets it.
    pub(crate) global_queue_interval: Option<u32>,
    pub(crate) lifo_slot: bool,
    /// The thread to which the runtime is bound, with its tasks that are not `Send`.
    pub(crate) home: Option<thread::ThreadId>,
}

pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) inject: Alone<Inject>,
    pub(crate) idle: Alone<Idle>,
    pub(crate) owned: OwnedTasks,
    pub(crate) remotes: Box<[Alone<Remote>]>,
    pub(crate) driver: Arc<SharedDriver>,
    pub(crate) timers: Arc<Timers>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) pool: Pool,
    /// Blocking closures that wait or run.
    pub(crate) closures: AtomicUsize,
    /// Threads that may run a task. The last to go drops what is left.
    pub(crate) live: AtomicUsize,
    /// The cores of the workers that have ended.
    pub(crate) ended: Mutex<Vec<Core>>,
    /// Current thread: the future of `block_on` was woken.
    pub(crate) root_woken: AtomicBool,
    /// Current thread: callers of `block_on` that wait for the core.
    pub(crate) wait_for_core: Mutex<Vec<Waker>>,
}

/// A worker, as the others see it.
pub(crate) struct Remote {
    pub(crate) stealer: Stealer,
    pub(crate) parker: Parker,
    /// The worker's core while no thread has it.
    pub(crate) core: Mutex<Option<Box<Core>>>,
    pub(crate) counters: Alone<Counters>,
}

/// Written by the worker alone, read by metrics.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) polls: AtomicU64,
    pub(crate) steals: AtomicU64,
    pub(crate) stolen: AtomicU64,
    pub(crate) overflows: AtomicU64,
}

impl Shared {
    /// Spawns onto this runtime from any thread. When it has ended, the task is given back as well, to
    /// be cancelled.
    #[must_use]
    pub(crate) fn spawn<F>(shared: &Arc<Self>, future: F) -> (JoinHandle<F::Output>, Option<Task>)
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        if size_of::<F>() > BOX_ABOVE {
            return Self::spawn_in_place(shared, Box::pin(future));
        }
        Self::spawn_in_place(shared, future)
    }

    fn spawn_in_place<F: Future>(
        shared: &Arc<Self>,
        future: F,
    ) -> (JoinHandle<F::Output>, Option<Task>) {
        let (task, handle) = Task::new(future, SharedRef::new(shared));
        (handle, shared.queue_new(task))
    }

    fn queue_new(&self, task: Task) -> Option<Task> {
        let task = worker::schedule(self, task).err()?;
        let refused = self.inject.push_new(task).err();
        if refused.is_none() {
            self.wake_one_from_outside();
        }
        refused
    }

    /// Queues a woken task for whoever comes first.
    pub(crate) fn push_from_outside(&self, task: Task) {
        self.inject.push(task);
        self.wake_one_from_outside();
    }

    /// There is work that others could do: wakes one of those who sleep.
    #[inline]
    pub(crate) fn wake_one(&self) {
        if let Some(worker) = self.idle.worker_to_wake() {
            self.remotes[worker].parker.unpark();
        }
    }

    fn wake_one_from_outside(&self) {
        match self.config.flavor {
            Flavor::MultiThread => self.wake_one(),
            Flavor::CurrentThread => self.remotes[0].parker.unpark(),
        }
    }

    pub(crate) fn wake_all(&self) {
        self.remotes.iter().for_each(|remote| remote.parker.unpark());
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

/// The runtime, as its tasks know it.
#[derive(Clone, Copy)]
pub(crate) struct SharedRef(NonNull<Shared>);

impl SharedRef {
    fn new(shared: &Arc<Shared>) -> Self {
        Self(NonNull::new(Arc::as_ptr(shared).cast_mut()).expect("an `Arc` points somewhere"))
    }

    /// # Safety
    ///
    /// The caller has a task that is not over, whose end the runtime awaits.
    unsafe fn as_ref<'a>(self) -> &'a Shared {
        // SAFETY: see above.
        unsafe { self.0.as_ref() }
    }
}

impl Schedule for SharedRef {
    fn schedule(self, task: Task) {
        // SAFETY: the task is scheduled, so it is not over.
        let Err(task) = worker::schedule(unsafe { self.as_ref() }, task) else {
            return;
        };
        // As soon as it is queued it may be run, and the runtime end: from here on, count.
        // SAFETY: every `Shared` is in an `Arc`, and this one lives, as above.
        let shared = unsafe {
            Arc::increment_strong_count(self.0.as_ptr());
            Arc::from_raw(self.0.as_ptr())
        };
        shared.push_from_outside(task);
    }

    #[inline]
    fn has_yielded(self) -> bool {
        worker::has_yielded()
    }

    fn yield_now(self, task: Task) {
        // SAFETY: the task is scheduled, so it is not over.
        let shared = unsafe { self.as_ref() };
        if let Err(task) = worker::requeue(shared, task) {
            // It has blocked in place and lost the core. This thread counts as live.
            shared.push_from_outside(task);
        }
    }

    #[inline]
    fn own(self, task: NonNull<Header>) {
        // SAFETY: the task runs, so it is not over.
        let shared = unsafe { self.as_ref() };
        // SAFETY: this thread runs it.
        unsafe { shared.owned.insert(task, Worker::index_here) };
    }

    #[inline]
    fn disown(self, task: NonNull<Header>) {
        // SAFETY: the task runs, so it is not over; this thread runs it, for the last time.
        unsafe { self.as_ref().owned.remove(task) };
    }
}

impl Counters {
    /// Adds to a counter that only the calling worker writes: no read-modify-write.
    #[inline]
    pub(crate) fn add(counter: &AtomicU64, n: u64) {
        counter.store(counter.load(Relaxed) + n, Relaxed);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        debug_assert_eq!(self.owned.len(), 0, "a runtime ends after its tasks");
        debug_assert!(lock(&self.ended).is_empty());
    }
}
