//! The permission to run a task, and what a task needs of its scheduler.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/mod.rs`.

#![expect(unsafe_code, reason = "the function that makes a task vouches for its thread")]

use super::header::Header;
use super::transition::Wake;
use std::ptr::NonNull;

/// The scheduler, as a task knows it: where it goes when it is woken.
pub(crate) trait Schedule: Copy + 'static {
    /// Queues a task that was woken or aborted. Called by any thread.
    fn schedule(self, task: Notified);

    /// Returns whether the task, which runs now, has yielded and so has to be queued again.
    fn has_yielded(self) -> bool {
        false
    }

    /// Queues a task that was woken while it ran, or has yielded, behind all tasks that wait.
    fn yield_now(self, task: Notified);

    /// Remembers the task, which runs now and is about to wait, so that the end of the runtime finds it.
    fn track(self, task: NonNull<Header>);

    /// Forgets the task, which runs now and is over, if it was remembered.
    fn untrack(self, task: NonNull<Header>);
}

/// A task that is scheduled. Its holder has to run it, or to queue it.
#[derive(Debug, PartialEq)]
pub(crate) struct Notified(NonNull<Header>);

// SAFETY: the function that makes a task asserts that any thread that runs it may poll its future:
// `spawn` demands `Send`; `spawn_local` keeps the task on its thread.
unsafe impl Send for Notified {}

impl Notified {
    /// Polls the task once, and then queues it, lets it wait, or completes it.
    #[inline]
    pub(crate) fn run(self) {
        // SAFETY: this was the permission, and it is used up.
        unsafe { (self.0.as_ref().vtable.run)(self.0) };
    }

    /// Drops the future without another poll. Its handle reports "cancelled".
    pub(crate) fn cancel(self) {
        // SAFETY: the scheduler's reference lives as long as the permission.
        let request = unsafe { self.0.as_ref() }.state.abort();
        debug_assert_eq!(request, Wake::Nothing, "it is scheduled already");
        self.run();
    }

    /// Returns the address that the task's wakers have as their data.
    #[inline]
    pub(crate) fn address(&self) -> usize {
        self.0.addr().get()
    }

    #[inline]
    pub(crate) fn into_raw(self) -> NonNull<Header> {
        self.0
    }

    /// # Safety
    ///
    /// The task is scheduled and there is no other `Notified` of it.
    #[inline]
    pub(crate) unsafe fn from_raw(header: NonNull<Header>) -> Self {
        Self(header)
    }
}
