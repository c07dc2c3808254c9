//! The second owner of a task's result.
//!
//! The task may complete before its handle asks, or after. If the task is first, the output waits in its
//! cell. If the handle is first, it leaves a waker there. `JOIN_WAKER` and `COMPLETE`, two bits of
//! one word, decide who may touch what (`state.rs`).
//!
//! Contains `unsafe`: the waker slot and the output, whose owner the state names.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/join.rs`.

#![expect(unsafe_code, reason = "the waker slot and the output, whose owner the state names")]

use super::abort::AbortHandle;
use super::coop;
use super::error::JoinError;
use super::header::Header;
use super::reference::TaskRef;
use crate::foreign::{ForeignWaker, ignore_panic};
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker, ready};

/// Waits for a task, and takes its output.
///
/// If you drop the handle, the task goes on, and its output is dropped when it comes.
///
/// ```
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let task = tiny_runtime::spawn(async { 1 });
/// assert_eq!(task.await?, 1);
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
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

// SAFETY: through `&JoinHandle` one reaches what one reaches through `TaskRef`, and no output.
unsafe impl<T: Send> Sync for JoinHandle<T> {}
impl<T> Unpin for JoinHandle<T> {}
impl<T> UnwindSafe for JoinHandle<T> {}
impl<T> RefUnwindSafe for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// # Safety
    ///
    /// The task's output is a `T`, and there is no other handle of it.
    pub(crate) unsafe fn new(task: NonNull<Header>) -> Self {
        Self { task: ManuallyDrop::new(TaskRef::new(task)), output: PhantomData }
    }

    /// Drops the task's future at its current `.await`, in the task's next tick. The handle then reports
    /// [`JoinError::is_cancelled`].
    ///
    /// It does nothing to a task that is over. A poll that runs now runs to its end. If that poll completes
    /// the task, the handle returns the output.
    ///
    /// ```
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let task = tiny_runtime::spawn(std::future::pending::<()>());
    /// task.abort();
    /// assert!(task.await.unwrap_err().is_cancelled());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn abort(&self) {
        self.task.abort();
    }

    /// Returns a handle that can only abort. You can keep it elsewhere.
    ///
    /// ```
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let task = tiny_runtime::spawn(std::future::pending::<()>());
    /// let abort = task.abort_handle();
    /// std::thread::spawn(move || abort.abort());
    /// assert!(task.await.unwrap_err().is_cancelled());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn abort_handle(&self) -> AbortHandle {
        AbortHandle::new(TaskRef::clone(&self.task))
    }

    /// Returns whether the output, or the error, is there.
    ///
    /// ```
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let task = tiny_runtime::spawn(async {});
    /// assert!(!task.is_finished());
    /// tiny_runtime::task::yield_now().await;
    /// assert!(task.is_finished());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
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
        // Once the task is complete, nobody asks whether its handle lives.
        if task.header().state.is_complete() || task.header().state.drop_join_interest() {
            // SAFETY: the task was complete while the handle lived: the output is the handle's, and
            // of the type that `new` was promised.
            ignore_panic(|| drop(unsafe { task.take_output::<T>() }));
        } else {
            // SAFETY: the task was not complete, and from now on its runner leaves the slot alone.
            drop(task.header().join_waker.with_mut(|slot| unsafe { (*slot).take() }));
        }
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").field("is_finished", &self.is_finished()).finish()
    }
}

#[cfg(all(loom, test))]
mod models;
