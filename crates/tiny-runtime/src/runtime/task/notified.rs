//! A task that is scheduled, and what it needs of its scheduler.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/mod.rs`.

#![expect(unsafe_code, reason = "whoever makes a task vouches for its thread")]

use super::header::Header;
use super::state::Wake;
use std::ptr::NonNull;

/// Where tasks go when they are woken: the scheduler, as a task knows it.
pub(crate) trait Schedule: Copy + 'static {
    /// Queues a task that was woken, or aborted, by whatever thread this is.
    fn schedule(self, task: Notified);

    /// Whether the task, running now, has yielded: it is to be queued again.
    fn has_yielded(self) -> bool {
        false
    }

    /// Queues a task that was woken while it ran, or has yielded: behind all that waits.
    fn yield_now(self, task: Notified);

    /// The task, running now, is about to wait: remembers it, unless it is remembered already.
    fn track(self, task: NonNull<Header>);

    /// The task, running now, is over: forgets it, if it was remembered.
    fn untrack(self, task: NonNull<Header>);
}

/// A task that is scheduled: who has it has to run it, or to queue it.
#[derive(Debug, PartialEq)]
pub(crate) struct Notified(NonNull<Header>);

// SAFETY: whoever makes a task asserts that its future may be polled by any thread that runs it:
// `spawn` demands `Send`; `spawn_local` keeps the task on its thread.
unsafe impl Send for Notified {}

impl Notified {
    /// Polls it once, and does with it what then has to be done.
    #[inline]
    pub(crate) fn run(self) {
        // SAFETY: this was the permission, and it is used up.
        unsafe { (self.0.as_ref().vtable.run)(self.0) };
    }

    /// Drops its future without another poll; its handle sees "cancelled".
    pub(crate) fn cancel(self) {
        // SAFETY: the scheduler's reference lives as long as the permission.
        let request = unsafe { self.0.as_ref() }.state.abort();
        debug_assert_eq!(request, Wake::Nothing, "it is scheduled already");
        self.run();
    }

    /// The address that its wakers have as their data.
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
