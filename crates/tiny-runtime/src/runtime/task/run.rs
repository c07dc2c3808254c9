//! One tick of a task: start, poll, then pause or complete.
//!
//! A panic of the future, in its poll or its drop, ends here: it becomes the task's output.
//!
//! Contains `unsafe`: called through the table of `cell.rs`.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/harness.rs`.

#![expect(unsafe_code, reason = "called through the table of `cell.rs`")]

use super::cell::{Cell, Stage};
use super::error::JoinError;
use super::header::Header;
use super::notified::{Notified, Schedule};
use super::transition::{Pause, Start};
use super::waker;
use crate::foreign::{ForeignWaker, catch, ignore_panic};
use std::ptr::NonNull;
use std::task::{Context, Poll};

/// # Safety
///
/// The caller had the task in a queue, and `header` is that of a `Cell<F, S>`.
pub(super) unsafe fn run<F: Future, S: Schedule>(header: NonNull<Header>) {
    // SAFETY: the scheduler's reference keeps the cell until it is complete or paused, after which
    // it is not touched here.
    let cell = unsafe { header.cast::<Cell<F, S>>().as_ref() };
    let state = &cell.header.state;
    if state.start() == Start::Cancel {
        // SAFETY: started, so this thread owns the stage.
        return unsafe { finish::<F, S>(header, Err(JoinError::cancelled())) };
    }

    let waker = waker::borrowed(header);
    let mut context = Context::from_waker(&waker);
    let poll = catch(|| {
        // SAFETY: started, so this thread owns the stage.
        cell.stage.with_mut(|stage| unsafe { Stage::poll(stage, &mut context) })
    });
    match poll {
        Ok(Poll::Pending) => {
            // A copy: as soon as the task is paused or queued, another thread may free the cell.
            let scheduler = cell.scheduler;
            let pause = if scheduler.has_yielded() {
                state.pause_to_be_queued()
            } else {
                // From here on it may wait for long, and is in no queue. The end of the runtime has to find
                // it. A task that only yields is always in a queue.
                if !state.is_notified() {
                    scheduler.track(header);
                }
                state.pause()
            };
            match pause {
                Pause::Idle => {}
                // SAFETY: scheduled, and this thread is the one to queue it.
                Pause::Again => scheduler.yield_now(unsafe { Notified::from_raw(header) }),
                Pause::Cancel => {
                    let started = state.start();
                    debug_assert_eq!(started, Start::Cancel);
                    // SAFETY: started, so this thread owns the stage.
                    unsafe { finish::<F, S>(header, Err(JoinError::cancelled())) };
                }
            }
        }
        // SAFETY: started, so this thread owns the stage.
        Ok(Poll::Ready(output)) => unsafe { finish::<F, S>(header, Ok(output)) },
        // SAFETY: as above.
        Err(panic) => unsafe { finish::<F, S>(header, Err(JoinError::panicked(panic))) },
    }
}

/// Running → Complete: the future is dropped, then its output stored, then the handle woken.
///
/// # Safety
///
/// The caller has started the task, does not use it afterwards, and `header` is that of a
/// `Cell<F, S>`.
unsafe fn finish<F: Future, S: Schedule>(
    header: NonNull<Header>,
    output: Result<F::Output, JoinError>,
) {
    // SAFETY: the scheduler's reference is released at the very end.
    let cell = unsafe { header.cast::<Cell<F, S>>().as_ref() };

    // The future's drop may panic, as may that of its output.
    let dropped = catch(|| {
        // SAFETY: started, so this thread owns the stage.
        cell.stage.with_mut(|stage| unsafe { Stage::clear(stage) });
    });
    let output = match dropped {
        Ok(()) => output,
        Err(panic) => {
            ignore_panic(|| drop(output));
            Err(JoinError::panicked(panic))
        }
    };
    // SAFETY: as above; there is nothing left to be dropped.
    cell.stage.with_mut(|stage| unsafe { stage.write(Stage::Output(output)) });

    cell.scheduler.untrack(header);
    let completed = cell.header.state.complete();
    if !completed.joined {
        // A detached task has no handle that could report a panic of this drop.
        // SAFETY: the handle went before the task was complete: the output is the runner's.
        ignore_panic(|| cell.stage.with_mut(|stage| unsafe { Stage::clear(stage) }));
    } else if completed.join_waker {
        // Taken out before the wake: it may hold a task, whose cell may hold a waker, and so on.
        // SAFETY: `JOIN_WAKER` was set: the slot is the runner's.
        let waker = cell.header.join_waker.with_mut(|waker| unsafe { (*waker).take() });
        waker.into_iter().for_each(ForeignWaker::wake);
    }
    if completed.is_last_reference || cell.header.state.release() {
        // SAFETY: the last reference was the scheduler's.
        unsafe { (cell.header.vtable.free)(header) };
    }
}

/// # Safety
///
/// The caller has made the task `Scheduled`, has a reference, and `header` is that of a `Cell<F, S>`.
pub(super) unsafe fn schedule<F: Future, S: Schedule>(header: NonNull<Header>) {
    // SAFETY: the caller has a reference.
    let scheduler = unsafe { header.cast::<Cell<F, S>>().as_ref() }.scheduler;
    // SAFETY: the caller has made it `Scheduled`, and so has to queue it.
    scheduler.schedule(unsafe { Notified::from_raw(header) });
}

#[cfg(all(loom, test))]
mod models;
