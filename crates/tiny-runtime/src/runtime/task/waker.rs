//! The `RawWakerVTable` by hand: a waker is a pointer to the task, and one reference.
//!
//! The waker in a poll's `Context` is borrowed from the thread that polls, and counts no reference:
//! polls are frequent, and most of them do not clone it.
//!
//! Contains `unsafe`: the four functions that `Waker` calls.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/waker.rs`.

#![expect(unsafe_code, reason = "the four functions that `Waker` calls")]

use super::header::Header;
use super::transition::{Wake, WakeAndRelease};
use crate::foreign::ForeignWaker;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;
use std::task::{RawWaker, RawWakerVTable, Waker};

/// The pointer of such a waker is a task's, and counts as one reference.
static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop);

/// Returns a waker without a reference of its own. It must not outlive the tick of the task.
pub(super) fn borrowed(header: NonNull<Header>) -> impl Deref<Target = Waker> {
    // SAFETY: the functions of the table keep `RawWaker`'s contract: they work on atomic state, and
    // count. Not dropped, it gives back no reference, as it has taken none.
    ManuallyDrop::new(unsafe { Waker::new(header.as_ptr().cast_const().cast(), &VTABLE) })
}

/// Returns whether the waker wakes the task at that address.
#[inline]
pub(super) fn is_of(waker: &Waker, task: usize) -> bool {
    waker.data().addr() == task && std::ptr::eq(waker.vtable(), &VTABLE)
}

/// Wakes all of them, even if one of them panics.
pub(crate) fn wake_all(wakers: impl Iterator<Item = ForeignWaker>) {
    wakers.for_each(ForeignWaker::wake);
}

impl ForeignWaker {
    /// Wakes, then drops. A task's waker is not foreign and cannot panic, so it does both in one operation.
    #[inline]
    pub(crate) fn wake(self) {
        if std::ptr::eq(self.get().vtable(), &VTABLE) {
            self.into_inner().wake();
        } else {
            self.wake_then_drop();
        }
    }
}

fn header(pointer: &*const ()) -> NonNull<Header> {
    NonNull::new(pointer.cast_mut().cast()).expect("made from a `NonNull`")
}

unsafe fn clone(pointer: *const ()) -> RawWaker {
    // SAFETY: the waker that is cloned has a reference, or its runner has.
    unsafe { header(&pointer).as_ref() }.state.retain();
    RawWaker::new(pointer, &VTABLE)
}

unsafe fn wake(pointer: *const ()) {
    let task = header(&pointer);
    // SAFETY: this waker's reference is still counted.
    let header = unsafe { task.as_ref() };
    match header.state.wake_and_release() {
        // SAFETY: just made `Scheduled` by this thread. So it is not over, and the scheduler's reference
        // keeps it.
        WakeAndRelease::Submit => unsafe { (header.vtable.schedule)(task) },
        WakeAndRelease::Nothing => {}
        // SAFETY: this waker's reference was the last.
        WakeAndRelease::Free => unsafe { (header.vtable.free)(task) },
    }
}

unsafe fn wake_by_ref(pointer: *const ()) {
    let task = header(&pointer);
    // SAFETY: the waker has a reference, or its runner has.
    let header = unsafe { task.as_ref() };
    if header.state.wake() == Wake::Submit {
        // SAFETY: just made `Scheduled` by this thread.
        unsafe { (header.vtable.schedule)(task) };
    }
}

unsafe fn drop(pointer: *const ()) {
    let task = header(&pointer);
    // SAFETY: this waker's reference is still counted.
    if unsafe { task.as_ref() }.state.release() {
        // SAFETY: it was the last.
        unsafe { (task.as_ref().vtable.free)(task) };
    }
}
