//! The one door to foreign code: code of the user's that the runtime runs, and that may panic.
//!
//! Foreign code may also block, spawn, wake, end a runtime, or call the very object that runs it. So two
//! rules hold at each place below, and a third one where the call is the user's own:
//!
//! - No lock is held and no cell is borrowed while foreign code runs.
//! - A panic ends at the door: the thread, the other tasks and all counts are as if the code had returned.
//! - A panic in the user's own call reaches the user. On its way it finds nothing half-done: only guards,
//!   which restore on drop what they have changed.
//!
//! | foreign code | run by | door | its panic |
//! |---|---|---|---|
//! | poll of a task, closure of `spawn_blocking` | `task/run` | [`catch`] | is the task's output; the future is dropped while the thread unwinds |
//! | drop of a task's future, also of one that `spawn` refused | `task/run` | [`catch`] | is the task's output |
//! | drop of an output that no handle takes | `task/run`, `task/join` | [`ignore_panic`] | is ignored |
//! | drop of a panic's payload | this file | [`ignore_panic`] | is ignored, and its own payload leaked |
//! | clone of a waker | all that store one: [`ForeignWaker::clone_of`] | the user's own call | reaches the poll that brought the waker, and nothing is stored |
//! | wake of a waker | `task/run`, `task/join_set`, `defer`, timers, sockets: [`ForeignWaker::wake`] | [`ignore_panic`] | is ignored |
//! | drop of a waker | the same, as a value that contains its drop: [`ForeignWaker`] | [`ignore_panic`] | is ignored |
//! | wake of a poll's own waker, out of budget and outside of a worker | `task/defer` | the user's own call | reaches the poll |
//! | root future of `block_on`: poll and drop | `block_on`, `current_thread` | the user's own call | reaches the caller; `AtWork` leaves the core to others |
//! | closure of `block_in_place` | `block_in_place` | the user's own call | reaches the task's poll; `TakeBack` takes the core back |
//! | future in `timeout`, `unconstrained`, `join_next` | the task that polls it | the user's own call | reaches the poll |
//! | `IntoIterator`, `IntoFuture`, `Into<String>` of an argument | the call | the user's own call | reaches the caller, before the call has changed anything |
//! | panic hook | each panic, the runtime's own included | – | the process ends (std): the runtime panics with no lock held |
//! | destructors of thread-locals | a thread that ends, after it is no longer counted | – | the process ends (std) |
//!
//! With the feature `tracing` the subscriber is foreign code too. It is called in polls, drops, wakes and the
//! user's own calls, and so behind the same doors.
//!
//! The runtime calls no comparator, no hasher, no `Debug` and no hook of the user. `will_wake` compares
//! pointers. The wakers of tasks, of `block_on` and of [`JoinSet`](crate::task::JoinSet)'s handles are the
//! crate's own; only the values that they hold are foreign.
//!
//! A panic of the runtime itself, on one of its own threads, ends the process: [`must_not_unwind`].
//!
//! Contains `unsafe`: a waker that is dropped by hand.

#![expect(unsafe_code, reason = "a waker that is dropped by hand, behind the door")]

use std::any::Any;
use std::fmt;
use std::mem::{self, ManuallyDrop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

/// Runs foreign code, and returns its panic as an error.
///
/// # Errors
///
/// The panic's payload.
#[inline]
pub(crate) fn catch<R>(work: impl FnOnce() -> R) -> Result<R, Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(work))
}

/// Runs foreign code and contains its panic; the panic hook still prints it. If dropping the panic
/// payload panics as well, that second payload is leaked.
#[inline]
pub(crate) fn ignore_panic(work: impl FnOnce()) {
    if let Err(payload) = catch(work) {
        discard(payload);
    }
}

#[cold]
fn discard(payload: Box<dyn Any + Send>) {
    mem::forget(catch(|| drop(payload)));
}

/// Runs the runtime's own code. A panic out of it ends the process: it would skip a count, or leave a queue
/// that no thread serves.
pub(crate) fn must_not_unwind<R>(work: impl FnOnce() -> R) -> R {
    struct Abort;
    impl Drop for Abort {
        fn drop(&mut self) {
            eprintln!("tiny-runtime: a panic of the runtime itself; aborting");
            std::process::abort();
        }
    }
    let abort = Abort;
    let output = work();
    mem::forget(abort);
    output
}

/// A waker that the runtime keeps. Its wake and its drop contain their panics, so a panic of one does not
/// keep the next from being woken or dropped.
pub(crate) struct ForeignWaker(ManuallyDrop<Waker>);

impl ForeignWaker {
    /// Clones the waker, in the poll that brought it. May panic: call it with no lock held, and
    /// before anything changes.
    #[inline]
    pub(crate) fn clone_of(waker: &Waker) -> Self {
        Self(ManuallyDrop::new(waker.clone()))
    }

    /// Returns a waker that does nothing.
    pub(crate) fn noop() -> Self {
        Self::clone_of(Waker::noop())
    }

    /// Returns whether both wake the same task, without foreign code.
    #[inline]
    pub(crate) fn will_wake(&self, waker: &Waker) -> bool {
        self.0.will_wake(waker)
    }

    /// Returns the pointer that the waker's functions get. Runs no foreign code.
    pub(crate) fn data(&self) -> *const () {
        self.0.data()
    }

    /// Wakes, then drops. These are two steps: if one step did both, a waker whose wake and drop both panic
    /// would panic during an unwind, and end the process. A task's own waker needs only one (`task/waker`).
    #[inline]
    pub(crate) fn wake_then_drop(self) {
        ignore_panic(|| self.0.wake_by_ref());
    }

    /// Takes the waker out of the door's care.
    #[inline]
    pub(crate) fn into_inner(mut self) -> Waker {
        // SAFETY: once, since `self` is forgotten below, and the field is not used again.
        let waker = unsafe { ManuallyDrop::take(&mut self.0) };
        mem::forget(self);
        waker
    }

    /// Returns the waker, to be looked at.
    #[inline]
    pub(crate) fn get(&self) -> &Waker {
        &self.0
    }
}

impl Drop for ForeignWaker {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: once, here, and the field is not used again.
        ignore_panic(|| unsafe { ManuallyDrop::drop(&mut self.0) });
    }
}

impl fmt::Debug for ForeignWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
