//! The task that this thread polls, whether it has yielded, and the tasks to wake after the next driver
//! poll.
//!
//! It stands below the scheduler, so that the budget and `yield_now` need not know the scheduler.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/defer.rs`.

#![expect(unsafe_code, reason = "the thread's own pointer to what it defers")]

use super::notified::Notified;
use super::waker;
use crate::foreign::ForeignWaker;
use crate::sync::thread_local;
use std::cell::{Cell, RefCell};
use std::ptr;
use std::task::Waker;

/// A task or a future that has yielded.
pub(crate) enum Deferred {
    Notified(Notified),
    /// The waker of a future that a task polls with wakers of its own, as `FuturesUnordered` does.
    Waker(ForeignWaker),
}

/// The tasks and wakers that a worker's thread has deferred.
#[derive(Default)]
pub(crate) struct Defer {
    /// Tasks that have yielded. They come back after the next driver poll.
    deferred: RefCell<Vec<Deferred>>,
    /// The address of the task that this thread polls, or 0.
    running: Cell<usize>,
    /// The running task has yielded: it is deferred, not queued.
    yields: Cell<bool>,
    /// The worker has lost its core: it polls the driver no more, so nothing is deferred.
    closed: Cell<bool>,
}

thread_local! {
    static HERE: Cell<*const Defer> = const { Cell::new(ptr::null()) };
}

/// Wakes later: after the tasks that are ready have run, and sockets and timers were polled. Outside
/// of a worker, wakes at once.
///
/// Not inlined: it stands on the rare way out of every operation that takes from the budget.
#[inline(never)]
pub(crate) fn defer(waker: &Waker) {
    // SAFETY: null, or set by `Defer::enter`, which borrows it as long as it is set.
    match unsafe { HERE.get().as_ref() } {
        Some(here) => here.defer(waker),
        None => waker.wake_by_ref(),
    }
}

/// Returns whether the task that this thread polls has yielded.
#[inline]
pub(crate) fn has_yielded() -> bool {
    // SAFETY: as in `defer`.
    unsafe { HERE.get().as_ref() }.is_some_and(|here| here.yields.get())
}

impl Defer {
    /// Makes this the thread's own while `work` runs.
    pub(crate) fn enter<R>(&self, work: impl FnOnce() -> R) -> R {
        struct Leave(*const Defer);
        impl Drop for Leave {
            fn drop(&mut self) {
                HERE.set(self.0);
            }
        }
        let _leave = Leave(HERE.replace(self));
        work()
    }

    /// Polls the task.
    #[inline]
    pub(crate) fn run(&self, task: Notified) {
        self.running.set(task.address());
        self.yields.set(false);
        task.run();
        self.running.set(0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.deferred.borrow().is_empty()
    }

    pub(crate) fn pop(&self) -> Option<Deferred> {
        self.deferred.borrow_mut().pop()
    }

    /// Defers the task that has just run, if it has yielded.
    ///
    /// # Errors
    ///
    /// Returns the task if it has not yielded.
    #[inline]
    pub(crate) fn push_if_yielded(&self, task: Notified) -> Result<(), Notified> {
        if !self.yields.take() {
            return Err(task);
        }
        self.deferred.borrow_mut().push(Deferred::Notified(task));
        Ok(())
    }

    pub(crate) fn set_closed(&self, closed: bool) {
        self.closed.set(closed);
    }

    #[inline]
    fn defer(&self, waker: &Waker) {
        if self.closed.get() {
            waker.wake_by_ref();
        } else if waker::is_of(waker, self.running.get()) {
            // Counts no reference and wakes no task: the thread that runs the task asks for this flag.
            self.yields.set(true);
        } else {
            let known =
                |last: &Deferred| matches!(last, Deferred::Waker(last) if last.will_wake(waker));
            if !self.deferred.borrow().last().is_some_and(known) {
                // Cloned before the borrow: a clone is foreign code, which may call this function.
                let waker = Deferred::Waker(ForeignWaker::clone_of(waker));
                self.deferred.borrow_mut().push(waker);
            }
        }
    }
}

#[cfg(all(loom, test))]
mod models;
