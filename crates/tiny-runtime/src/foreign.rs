//! Calls into code that is not ours, and may panic.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

/// Runs what may be anybody's code. If it panics, which the hook prints, nobody else is concerned,
/// nor if the drop of what it panics with does so: what that panics with is forgotten.
pub(crate) fn ignore_panic(work: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(work)) {
        mem::forget(catch_unwind(AssertUnwindSafe(|| drop(payload))));
    }
}

/// Wakes all of them, on behalf of the driver. If one panics, the others are woken nonetheless, and
/// the worker that has the driver lives on.
pub(crate) fn wake_all(wakers: impl Iterator<Item = Waker>) {
    wakers.for_each(|waker| ignore_panic(|| waker.wake()));
}
