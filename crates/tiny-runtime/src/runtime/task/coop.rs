//! A budget of 128 operations a tick, so that a task whose operations are all ready gives way.
//!
//! Scheduling is cooperative: a task keeps its thread until it returns `Pending`. A task that reads a
//! socket which has data at each read would never do so. So each operation of this crate takes a unit,
//! and gives it back if it was not ready. With no unit left, it wakes its task and returns `Pending`.
//!
//! The budget belongs to a tick: the tasks that run from the LIFO slot in the same tick share it. A
//! poll of the future of `block_on` has a budget as well. Outside of both there is no limit.
//!
//! Tokio's counterpart: `tokio/src/task/coop/mod.rs`. There channels and locks take units as well.

use super::defer::defer;
use crate::sync::thread_local;
use std::cell::Cell;
use std::task::{Context, Poll};

/// Operations a tick.
pub(crate) const BUDGET: u8 = 128;

/// No limit, as outside of a tick.
const UNLIMITED: u8 = u8::MAX;

thread_local! {
    static LEFT: Cell<u8> = const { Cell::new(UNLIMITED) };
}

/// Runs `tick` with a whole budget, and then restores what was left before.
#[inline]
pub(crate) fn budget<R>(tick: impl FnOnce() -> R) -> R {
    with_left(BUDGET, tick)
}

fn with_left<R>(left: u8, work: impl FnOnce() -> R) -> R {
    /// Restores the rest even if `work` panics.
    struct Restore(u8);
    impl Drop for Restore {
        fn drop(&mut self) {
            LEFT.set(self.0);
        }
    }
    let _restore = Restore(LEFT.replace(left));
    work()
}

pub(crate) fn is_left() -> bool {
    LEFT.get() > 0
}

/// Runs `work` without limit.
pub(crate) fn without<R>(work: impl FnOnce() -> R) -> R {
    with_left(UNLIMITED, work)
}

/// Takes a unit. If none is left, wakes the task, to run after the others, and returns `Pending`.
#[inline]
pub(crate) fn poll_proceed(context: &Context<'_>) -> Poll<Progress> {
    let left = LEFT.get();
    match left {
        UNLIMITED => {}
        0 => {
            defer(context.waker());
            return Poll::Pending;
        }
        _ => LEFT.set(left - 1),
    }
    Poll::Ready(Progress { before: left })
}

/// A unit that was taken. Dropped, it is given back: the operation was not ready.
#[must_use]
pub(crate) struct Progress {
    before: u8,
}

impl Progress {
    /// The operation was ready: the unit is spent.
    #[inline]
    pub(crate) fn made(self) {
        std::mem::forget(self);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        LEFT.set(self.before);
    }
}
