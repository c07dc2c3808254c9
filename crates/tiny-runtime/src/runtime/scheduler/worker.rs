//! A worker: the choice of the task that it runs next, one tick at a time.
//!
//! ```text
//!   each tick    every 61st: poll the driver, without waiting
//!                at the interval of `tuning.rs`: the global queue first
//!                the LIFO slot, the local queue, a batch from the global queue, half of another's queue
//!   nothing?     poll the driver and queue the yielded tasks again; without these, sleep
//! ```
//!
//! One tick polls one task, and then the tasks in the LIFO slot, which share its budget. After three
//! such polls the slot is closed until the tick ends, if other tasks wait. So a message wakes its
//! receiver onto a warm cache, and two tasks that never stop talking starve nobody.
//!
//! `block_in_place` hands the core of a worker to another thread. So a [`Worker`] is the part that
//! belongs to the thread, and a [`Core`] is the rest.
//!
//! A tick is a call of [`Worker::step`], which returns what the worker did. A thread of the runtime calls it
//! in a loop; a test can call it by hand.
//!
//! Three files below say where a worker finds a task, how it queues one, and how it waits.
//!
//! Contains `unsafe`: the thread's own pointer to its worker.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/worker.rs`. There the slot is closed
//! even if no task waits, and another worker is woken for the one task in the queue.

#![expect(unsafe_code, reason = "the thread's own pointer to its worker")]

mod find;
pub(crate) mod queueing;
mod waiting;

use super::core::{Core, Queue};
use super::idle::Found;
use super::shared::Shared;
use super::step::{Source, Step};
use crate::runtime::task::Notified;
use crate::runtime::task::coop;
use crate::runtime::task::defer::Defer;
use crate::sync::{Arc, thread_local};
use std::cell::{Cell, RefCell};
use std::ptr;
use std::time::Duration;

/// Polls from the LIFO slot in one tick, after which the slot is closed.
const LIFO_POLLS: u32 = 3;

/// A thread that works, or did until it blocked in place.
pub(crate) struct Worker {
    pub(crate) shared: Arc<Shared>,
    pub(crate) index: usize,
    /// Borrowed only while no foreign code runs.
    pub(crate) core: RefCell<Option<Box<Core>>>,
    /// The task that this thread polls, and those that have yielded.
    defer: Defer,
}

thread_local! {
    static HERE: Cell<*const Worker> = const { Cell::new(ptr::null()) };
}

/// Calls `use_it` with the worker that this thread is, if it is one.
#[inline]
pub(crate) fn with_worker<R>(use_it: impl FnOnce(Option<&Worker>) -> R) -> R {
    // SAFETY: null, or set by `Worker::enter`, which borrows the worker as long as it is set.
    use_it(unsafe { HERE.get().as_ref() })
}

/// Calls `use_it` with the worker that this thread is, if it is one of that runtime.
#[inline]
fn with_worker_of<R>(shared: &Shared, use_it: impl FnOnce(Option<&Worker>) -> R) -> R {
    with_worker(|worker| use_it(worker.filter(|worker| ptr::eq(&*worker.shared, shared))))
}

/// Returns whether this thread is a worker of that runtime.
pub(crate) fn is_here(shared: &Shared) -> bool {
    with_worker_of(shared, |worker| worker.is_some())
}

/// Returns whether this thread is a worker of such a runtime, has its core, and polls.
pub(crate) fn polls_task_of(is_it: impl FnOnce(&Shared) -> bool) -> bool {
    with_worker(|worker| {
        worker.is_some_and(|worker| worker.core.borrow().is_some() && is_it(&worker.shared))
    })
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, index: usize, core: impl Into<Box<Core>>) -> Self {
        Self { shared, index, core: RefCell::new(Some(core.into())), defer: Defer::default() }
    }

    /// Makes this thread the worker while `work` runs.
    pub(crate) fn enter<R>(&self, work: impl FnOnce() -> R) -> R {
        struct Leave(*const Worker);
        impl Drop for Leave {
            fn drop(&mut self) {
                HERE.set(self.0);
            }
        }
        let _leave = Leave(HERE.replace(self));
        self.defer.enter(work)
    }

    /// Takes the core away, or brings it back. Without it, nothing is deferred.
    pub(crate) fn set_core(&self, core: Option<Box<Core>>) {
        self.defer.set_closed(core.is_none());
        *self.core.borrow_mut() = core;
    }

    pub(crate) fn take_core(&self) -> Option<Box<Core>> {
        self.defer.set_closed(true);
        self.core.take()
    }

    /// Returns whether this thread is in a driver poll.
    pub(crate) fn is_in_driver(&self) -> bool {
        self.core.borrow().as_ref().is_some_and(|core| core.in_driver)
    }

    /// Returns the index of the worker that this thread is.
    pub(crate) fn index_here() -> usize {
        with_worker(|worker| worker.map_or(0, |worker| worker.index))
    }

    /// Makes one tick.
    pub(crate) fn step(&self) -> Step {
        let mut core = self.core.borrow_mut();
        if core.as_deref_mut().is_some_and(|core| core.should_poll_driver(&self.shared.config)) {
            drop(core);
            self.poll_driver(Some(Duration::ZERO));
            core = self.core.borrow_mut();
        }
        let Some(own) = core.as_deref_mut() else {
            return Step::LostCore;
        };
        let signals = self.shared.inject.signals();
        if signals.is_shutdown() {
            return Step::Shutdown;
        }
        let Some((task, source)) = self.next_task(own, signals).or_else(|| self.search(own)) else {
            drop(core);
            return self.without_work();
        };
        own.polls += 1;
        own.tuning.polled();
        let stops_searching = std::mem::take(&mut own.searching);
        drop(core);
        // The last searcher wakes a successor if work is left or if no worker is in the driver.
        if stops_searching && self.shared.idle.stop_searching() == Found::WakeSuccessor {
            self.shared.wake_one_if_needed();
        }
        // After the fence of `stop_searching`. Either the thread that ends the runtime sees the tasks that
        // this worker has stolen and queued, or this worker sees the end, before a poll that may take long.
        if stops_searching && self.shared.is_shutdown() {
            self.put_back(task);
            return Step::Shutdown;
        }
        self.run(task, source)
    }

    /// Polls the task, and then what the LIFO slot holds.
    fn run(&self, task: Notified, source: Source) -> Step {
        coop::budget(|| {
            self.defer.run(task);
            let mut polls = 0;
            loop {
                let task = {
                    let mut core = self.core.borrow_mut();
                    let Some(core) = core.as_deref_mut() else {
                        return Step::LostCore;
                    };
                    // A task that came after the third poll belongs to the next tick.
                    let next = (polls < LIFO_POLLS).then(|| self.next_of_slot(core)).flatten();
                    let Some(task) = next else {
                        core.lifo_enabled = self.shared.config.lifo_slot;
                        return Step::Ran { from: source, lifo_polls: polls };
                    };
                    if !coop::is_left() {
                        self.push_back(core, task);
                        return Step::Ran { from: source, lifo_polls: polls };
                    }
                    polls += 1;
                    core.lifo_enabled &= polls < LIFO_POLLS;
                    task
                };
                self.defer.run(task);
            }
        })
    }

    /// Takes the task in the slot, unless it has to wait for the next tick.
    #[inline]
    fn next_of_slot(&self, core: &mut Core) -> Option<Notified> {
        if !core.lifo_slot.is_some() {
            return None;
        }
        let signals = self.shared.inject.signals();
        let waits = signals.is_shutdown() || signals.has_outside() && core.is_outside_due();
        if waits { None } else { core.lifo_slot.take() }
    }
}
