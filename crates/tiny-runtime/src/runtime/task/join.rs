//! The second owner of a task's result.
//!
//! Output and handle can meet in either order. If the task completes first, the output waits in its
//! cell; if the handle asks first, it leaves a waker there. `JOIN_WAKER` and `COMPLETE`, two bits of
//! one word, decide who may touch what (`task/state.rs`).
//!
//! Contains `unsafe`: the waker slot and the output, whose owner the state names.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/join.rs` and `abort.rs`.

#![expect(unsafe_code, reason = "the waker slot and the output, whose owner the state names")]

use super::coop;
use super::error::JoinError;
use super::header::Header;
use super::state::Wake;
use crate::foreign::{ForeignWaker, ignore_panic};
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker, ready};

/// Waits for a task, and gets what it returned.
///
/// Dropping it detaches the task, which goes on and whose output is dropped when it comes.
///
/// # Errors
///
/// A [`JoinError`] if the task panicked, was aborted, or its runtime ended first.
///
/// # Panics
///
/// When it is polled again after it was ready.
///
/// # Cancel safety
///
/// `&mut handle` can be awaited in `select!` and awaited again.
pub struct JoinHandle<T> {
    task: ManuallyDrop<TaskRef>,
    output: PhantomData<T>,
}

/// Aborts a task, without waiting for it. Any number of these can exist, for any time.
#[derive(Clone)]
pub struct AbortHandle(TaskRef);

/// One reference to a task.
struct TaskRef(NonNull<Header>);

// SAFETY: through it one reaches the atomic state, and the functions that abort and free.
unsafe impl Send for TaskRef {}
// SAFETY: as above.
unsafe impl Sync for TaskRef {}

// SAFETY: through `&JoinHandle` one reaches what one reaches through `TaskRef`, and no output.
unsafe impl<T: Send> Sync for JoinHandle<T> {}
impl<T> Unpin for JoinHandle<T> {}
impl<T> UnwindSafe for JoinHandle<T> {}
impl<T> RefUnwindSafe for JoinHandle<T> {}
impl UnwindSafe for AbortHandle {}
impl RefUnwindSafe for AbortHandle {}

impl TaskRef {
    fn header(&self) -> &Header {
        // SAFETY: counted, so the cell lives.
        unsafe { self.0.as_ref() }
    }

    fn abort(&self) {
        if self.header().state.abort() == Wake::Submit {
            // SAFETY: just made `Scheduled` by this thread.
            unsafe { (self.header().vtable.schedule)(self.0) };
        }
    }

    /// Returns the output, unless it has been taken.
    ///
    /// # Safety
    ///
    /// The caller is the task's one handle, and its output is a `T`. The task is complete, and was so
    /// before its handle went.
    unsafe fn take_output<T>(&self) -> Option<Result<T, JoinError>> {
        let mut output = None;
        let to = (&raw mut output).cast();
        // SAFETY: the caller says whose the output is, and of what type.
        unsafe { (self.header().vtable.take_output)(self.0, to) };
        output
    }
}

impl Clone for TaskRef {
    fn clone(&self) -> Self {
        self.header().state.retain();
        Self(self.0)
    }
}

impl Drop for TaskRef {
    fn drop(&mut self) {
        if self.header().state.release() {
            // SAFETY: it was the last reference.
            unsafe { (self.header().vtable.free)(self.0) };
        }
    }
}

impl<T> JoinHandle<T> {
    /// # Safety
    ///
    /// The task's output is a `T`, and there is no other handle of it.
    pub(crate) unsafe fn new(task: NonNull<Header>) -> Self {
        Self { task: ManuallyDrop::new(TaskRef(task)), output: PhantomData }
    }

    /// Drops the task's future at its current `.await`, in the task's next tick, and makes the
    /// handle ready with [`JoinError::is_cancelled`]. Does nothing to a task that is over; a poll
    /// that runs now runs to its end, and if it ends the task, the output counts.
    pub fn abort(&self) {
        self.task.abort();
    }

    /// Returns a handle that can only abort, to be kept elsewhere.
    pub fn abort_handle(&self) -> AbortHandle {
        AbortHandle(TaskRef::clone(&self.task))
    }

    /// Returns whether the output, or the error, is there.
    pub fn is_finished(&self) -> bool {
        self.task.header().state.is_complete()
    }

    /// Returns whether the output can be taken. If not, stores `waker`, which is called when it can.
    pub(crate) fn can_read_output(&self, waker: &Waker) -> bool {
        let header = self.task.header();
        let state = &header.state;
        if state.is_complete() {
            return true;
        }
        if state.has_join_waker() && !state.reclaim_join_waker() {
            return true;
        }
        // The slot is empty while foreign code runs, which clones the one waker and drops the other.
        // SAFETY: `JOIN_WAKER` is unset: the slot is the handle's.
        let stored = header.join_waker.with_mut(|slot| unsafe { (*slot).take() });
        let known = stored.filter(|stored| stored.will_wake(waker));
        let waker = known.unwrap_or_else(|| ForeignWaker::clone_of(waker));
        // SAFETY: as above.
        header.join_waker.with_mut(|slot| unsafe { *slot = Some(waker) });
        let over = !state.publish_join_waker();
        if over {
            // SAFETY: as above; nobody will call it.
            drop(header.join_waker.with_mut(|slot| unsafe { (*slot).take() }));
        }
        over
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let progress = ready!(coop::poll_proceed(context));
        if !self.can_read_output(context.waker()) {
            return Poll::Pending;
        }
        progress.made();
        // SAFETY: it is ready; the type is what `new` was promised.
        Poll::Ready(
            unsafe { self.task.take_output() }.expect("`JoinHandle` polled after completion"),
        )
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if self.task.header().state.drop_join_handle_fast() {
            return; // the reference went with it
        }
        // SAFETY: once, here. From now on the reference is given back however this ends.
        let task = unsafe { ManuallyDrop::take(&mut self.task) };
        if task.header().state.drop_join_interest() {
            // SAFETY: the task was complete while the handle lived: the output is the handle's, and
            // of the type that `new` was promised.
            ignore_panic(|| drop(unsafe { task.take_output::<T>() }));
        } else {
            // SAFETY: the task was not complete, and from now on its runner leaves the slot alone.
            drop(task.header().join_waker.with_mut(|slot| unsafe { (*slot).take() }));
        }
    }
}

impl AbortHandle {
    /// As [`JoinHandle::abort`].
    pub fn abort(&self) {
        self.0.abort();
    }

    /// As [`JoinHandle::is_finished`].
    pub fn is_finished(&self) -> bool {
        self.0.header().state.is_complete()
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").field("is_finished", &self.is_finished()).finish()
    }
}

impl fmt::Debug for AbortHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortHandle").field("is_finished", &self.is_finished()).finish()
    }
}

#[cfg(all(loom, test))]
mod models;
