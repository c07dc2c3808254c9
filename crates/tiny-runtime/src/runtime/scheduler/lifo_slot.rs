//! The LIFO slot: the task that its worker runs next.
//!
//! Only its worker puts a task there, and while the runtime runs only that worker looks. So it fills an
//! empty slot by a plain store. But the thread that ends the runtime takes the task out while the worker is
//! in a poll, which may wait for that very task. So a thread takes a task out by an exchange of the
//! pointer: if two threads see the task, one gets it.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | a task put in by `replace`: `Release`, or `AcqRel` if it takes another one out | taken out by `take`: `Acquire` | what the task's waker wrote, and the task itself |
//! | a look by the owner, `is_some`: `Relaxed` | – | nothing: only the owner fills the slot, and the exchange takes the task |
//!
//! Contains `unsafe`: what is taken out becomes the permission to run a task again.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/worker.rs`, where it is a plain field
//! of the `Core`. There the list of all tasks leads to the task.

#![expect(unsafe_code, reason = "what is taken out becomes the permission to run a task again")]

use crate::runtime::task::{Header, Notified};
use crate::sync::Arc;
use crate::sync::atomic::AtomicPtr;
use crate::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::ptr::{self, NonNull};

#[derive(Debug)]
#[repr(align(128))]
struct Slot(AtomicPtr<Header>);

/// The worker's end. There is one.
pub(crate) struct LifoSlot(Arc<Slot>);

/// The end of the thread that ends the runtime.
pub(crate) struct Taker(Arc<Slot>);

pub(crate) fn new() -> (LifoSlot, Taker) {
    let slot = Arc::new(Slot(AtomicPtr::new(ptr::null_mut())));
    (LifoSlot(slot.clone()), Taker(slot))
}

impl LifoSlot {
    #[inline]
    pub(crate) fn is_some(&self) -> bool {
        !self.0.0.load(Relaxed).is_null()
    }

    /// Puts a task there, and returns the one that was there.
    #[inline]
    pub(crate) fn replace(&mut self, task: Notified) -> Option<Notified> {
        let task = task.into_raw().as_ptr();
        // loom lets this store come between the two halves of an exchange, which no machine does.
        if !cfg!(loom) && !self.is_some() {
            self.0.0.store(task, Release);
            return None;
        }
        let before = NonNull::new(self.0.0.swap(task, AcqRel));
        // SAFETY: it was made of a `Notified`, and exchanged by this thread.
        before.map(|before| unsafe { Notified::from_raw(before) })
    }

    #[inline]
    pub(crate) fn take(&mut self) -> Option<Notified> {
        if self.is_some() { take(&self.0) } else { None }
    }
}

impl Taker {
    pub(crate) fn take(&self) -> Option<Notified> {
        take(&self.0)
    }
}

#[inline]
fn take(slot: &Slot) -> Option<Notified> {
    let task = NonNull::new(slot.0.swap(ptr::null_mut(), Acquire));
    // SAFETY: it was made of a `Notified`, and exchanged by this thread.
    task.map(|task| unsafe { Notified::from_raw(task) })
}
