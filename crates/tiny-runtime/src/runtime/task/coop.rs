//! A budget of 128 operations a turn, so that a task whose operations are all ready gives way.
//!
//! Cooperative scheduling: a task has its thread until it returns `Pending`. A task that reads a
//! socket with data at each read never would. So each operation of this crate takes a unit, gives it
//! back if it was not ready, and when there is none left it wakes its task and returns `Pending`.
//!
//! The budget is a turn's: the tasks that run from the LIFO slot in the same turn share it. A poll of
//! the future of `block_on` is a turn as well. Outside of a turn there is none.
//!
//! Tokio's counterpart: `tokio/src/task/coop/mod.rs`. There channels and locks take units as well.

use super::defer::defer;
use std::cell::Cell;
use std::task::{Context, Poll};

/// Operations a turn.
pub(crate) const BUDGET: u8 = 128;

/// Without limit, as all is outside of a turn.
const UNLIMITED: u8 = u8::MAX;

thread_local! {
    static LEFT: Cell<u8> = const { Cell::new(UNLIMITED) };
}

/// Gives `turn` the whole budget, and then brings back what was left before.
#[inline]
pub(crate) fn budget<R>(turn: impl FnOnce() -> R) -> R {
    with_left(BUDGET, turn)
}

fn with_left<R>(left: u8, turn: impl FnOnce() -> R) -> R {
    /// Also when `turn` panics.
    struct Restore(u8);
    impl Drop for Restore {
        fn drop(&mut self) {
            LEFT.set(self.0);
        }
    }
    let _restore = Restore(LEFT.replace(left));
    turn()
}

pub(crate) fn is_left() -> bool {
    LEFT.get() > 0
}

/// Runs `turn` without limit.
pub(crate) fn without<R>(turn: impl FnOnce() -> R) -> R {
    with_left(UNLIMITED, turn)
}

/// Takes a unit. If there is none, the task is woken, for after the others, and has to return.
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
