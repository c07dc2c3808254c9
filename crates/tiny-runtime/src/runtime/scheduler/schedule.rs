//! How a task gets into a queue: when it is spawned, when it is woken, and when it has yielded.
//!
//! Contains `unsafe`: each task has a plain pointer to the `Shared` of its workers. The pointer need not
//! count. While a task is not over, a thread that keeps the `Shared` is counted in `active_threads`, and the
//! last of these threads goes after all tasks (`shutdown.rs` has the cases). A waker or a handle follows the
//! pointer only if it has just made the task scheduled; then the task was not over. The last thread waits
//! until such a task is queued.

#![expect(unsafe_code, reason = "each task has a plain pointer here")]

use super::shared::{InFlight, Shared};
use super::worker::{Worker, queueing};
use crate::runtime::task::{self, Header, JoinHandle, Notified, Schedule, defer};
use crate::sync::Arc;
use std::ptr::NonNull;

impl Shared {
    /// Spawns onto this runtime from any thread. If the runtime has ended, returns the task as well, to be
    /// cancelled.
    #[must_use]
    pub(crate) fn spawn<F>(
        shared: &Arc<Self>,
        future: F,
    ) -> (JoinHandle<F::Output>, Option<Notified>)
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let (task, handle) = task::new(future, SchedulerPtr::new(shared));
        (handle, shared.queue_new(task))
    }

    fn queue_new(&self, task: Notified) -> Option<Notified> {
        let task = queueing::schedule(self, task).err()?;
        let refused = self.inject.push_new(task).err();
        if refused.is_none() {
            self.wake_one_from_outside();
        }
        refused
    }

    pub(crate) fn spawn_blocking<F, R>(shared: &Arc<Self>, closure: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        shared.pool.spawn(closure, Some(InFlight::new(shared)))
    }
}

/// Cancels the task if its runtime has ended. Its drop is foreign code, which may ask for the current
/// runtime. So call this outside of `with_current`.
pub(crate) fn spawned<T>((handle, refused): (JoinHandle<T>, Option<Notified>)) -> JoinHandle<T> {
    if let Some(task) = refused {
        task.cancel();
    }
    handle
}

/// The pointer to the runtime that each of its tasks has.
#[derive(Clone, Copy)]
pub(crate) struct SchedulerPtr(NonNull<Shared>);

impl SchedulerPtr {
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

impl Schedule for SchedulerPtr {
    fn schedule(self, task: Notified) {
        // SAFETY: the task is scheduled, so it is not over.
        let Err(task) = queueing::schedule(unsafe { self.as_ref() }, task) else {
            return;
        };
        // As soon as the task is queued, it may run, and the runtime may end. So count a reference.
        // SAFETY: every `Shared` is in an `Arc`, and this one lives, as above.
        let shared = unsafe {
            Arc::increment_strong_count(self.0.as_ptr());
            Arc::from_raw(self.0.as_ptr())
        };
        shared.push_from_outside(task);
    }

    #[inline]
    fn has_yielded(self) -> bool {
        defer::has_yielded()
    }

    fn yield_now(self, task: Notified) {
        // SAFETY: the task is scheduled, so it is not over.
        let shared = unsafe { self.as_ref() };
        if let Err(task) = queueing::requeue(shared, task) {
            // It has blocked in place and lost the core. This thread is still counted as active.
            shared.push_from_outside(task);
        }
    }

    #[inline]
    fn track(self, task: NonNull<Header>) {
        // SAFETY: the task runs, so it is not over.
        let shared = unsafe { self.as_ref() };
        // SAFETY: this thread runs it.
        unsafe { shared.waiting_tasks.insert(task, Worker::index_here) };
    }

    #[inline]
    fn untrack(self, task: NonNull<Header>) {
        // SAFETY: the task runs, so it is not over; this thread runs it, for the last time.
        unsafe { self.as_ref().waiting_tasks.remove(task) };
    }
}
