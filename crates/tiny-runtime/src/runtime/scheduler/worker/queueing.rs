//! How a task gets into a worker's queues: to run next, at the back, or after a driver poll.

use super::super::counters::Counters;
use super::super::shared::Shared;
use super::{Core, Queue, Worker, with_worker_of};
use crate::runtime::task::Notified;
use crate::runtime::task::defer::Deferred;

/// Queues a task on this thread's worker, in the LIFO slot: it runs next.
///
/// # Errors
///
/// Returns the task if this thread is no worker of that runtime, or has lost its core.
#[inline]
pub(crate) fn schedule(shared: &Shared, task: Notified) -> Result<(), Notified> {
    with_worker_of(shared, |worker| match worker {
        Some(worker) => worker.schedule(task),
        None => Err(task),
    })
}

/// Queues the task that has just run: at the back or, if it yields, after the next driver poll.
///
/// # Errors
///
/// As [`schedule`].
#[inline]
pub(crate) fn requeue(shared: &Shared, task: Notified) -> Result<(), Notified> {
    with_worker_of(shared, |worker| match worker {
        Some(worker) => worker.requeue(task),
        None => Err(task),
    })
}

impl Worker {
    #[inline]
    fn schedule(&self, task: Notified) -> Result<(), Notified> {
        let mut core = self.core.borrow_mut();
        let Some(core) = core.as_deref_mut().filter(|_| !self.shared.is_shutdown()) else {
            return Err(task);
        };
        let back = if core.lifo_enabled || self.is_free_for_one(core) {
            core.lifo_slot.replace(task)
        } else {
            Some(task)
        };
        // No worker steals from the slot. Others can steal from the queue, so one of them is woken.
        if let Some(back) = back {
            self.push_back(core, back);
            if !core.in_driver {
                self.shared.wake_one();
            }
        }
        Ok(())
    }

    /// Returns whether the closed slot may take a task. It is closed so that waiting tasks run, and none
    /// waits. The task would run next in any case, and no other worker is woken for it.
    fn is_free_for_one(&self, core: &Core) -> bool {
        self.shared.config.lifo_slot && !core.lifo_slot.is_some() && core.queue.len() == 0
    }

    fn requeue(&self, task: Notified) -> Result<(), Notified> {
        let mut core = self.core.borrow_mut();
        let Some(core) = core.as_deref_mut() else {
            return Err(task);
        };
        if let Err(task) = self.defer.push_if_yielded(task) {
            self.push_back(core, task);
            self.shared.wake_one();
        }
        Ok(())
    }

    pub(crate) fn push_back(&self, core: &mut Core, task: Notified) {
        match &mut core.queue {
            Queue::Ring(ring) => ring.push(task, |overflow| {
                self.shared.push_overflow(overflow);
                Counters::add(&self.shared.remotes[self.index].counters.overflows, 1);
            }),
            Queue::Fifo(queue) => queue.push_back(task),
        }
    }

    /// Puts back a task that was found and is not to be run, for the thread that gets the core.
    pub(super) fn put_back(&self, task: Notified) {
        let mut core = self.core.borrow_mut();
        let core = core.as_deref_mut().expect("no task runs");
        if let Some(task) = core.lifo_slot.replace(task) {
            self.push_back(core, task);
        }
    }

    /// Queues the tasks that have yielded again, and calls the deferred wakers.
    pub(crate) fn wake_deferred(&self) {
        while let Some(deferred) = self.defer.pop() {
            match deferred {
                Deferred::Waker(waker) => waker.wake(),
                Deferred::Notified(task) => {
                    if let Err(task) = self.schedule(task) {
                        self.shared.push_from_outside(task);
                    }
                }
            }
        }
    }
}
