//! The table by hand, and the one allocation.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/raw.rs`.

#![expect(unsafe_code, reason = "pointers without a type")]

use super::cell::{Cell, Stage};
use super::error::JoinError;
use super::header::{Header, Links, Vtable};
use super::join::JoinHandle;
use super::notified::{Notified, Schedule};
use super::state::State;
use super::{memory, run};
use crate::sync::UnsafeCell;
use crate::sync::atomic::AtomicU32;
use std::ptr::NonNull;

/// Makes a task, which is scheduled, and its handle.
pub(crate) fn new<F: Future, S: Schedule>(
    future: F,
    scheduler: S,
) -> (Notified, JoinHandle<F::Output>) {
    let header = Cell::allocate(future, scheduler);
    // SAFETY: the task is new, and its output is the future's.
    unsafe { (Notified::from_raw(header), JoinHandle::new(header)) }
}

impl<F: Future, S: Schedule> Cell<F, S> {
    const VTABLE: Vtable = Vtable {
        run: run::run::<F, S>,
        schedule: run::schedule::<F, S>,
        take_output: Self::take_output,
        free: Self::free,
    };

    /// Makes the one allocation of a task. No `Box::pin` promises here that the future stays in its place.
    /// Instead, no code has the future by value, or a `&mut` to it outside of a `Pin`.
    pub(super) fn allocate(future: F, scheduler: S) -> NonNull<Header> {
        let cell = memory::put(Self {
            header: Header {
                state: State::new(),
                vtable: &Self::VTABLE,
                next: UnsafeCell::new(None),
                list: AtomicU32::new(0),
                links: UnsafeCell::new(Links::default()),
                join_waker: UnsafeCell::new(None),
            },
            scheduler,
            stage: UnsafeCell::new(Stage::Future(future)),
        });
        cell.cast()
    }

    /// # Safety
    ///
    /// `header` is the cell's; nobody else has a reference.
    unsafe fn free(header: NonNull<Header>) {
        // SAFETY: the caller has the last reference.
        let cell = unsafe { header.cast::<Self>().as_ref() };
        // For the models, which do not watch memory: this comes after every other access to the cell.
        cell.header.join_waker.with_mut(|_| ());
        cell.stage.with_mut(|_| ());
        // SAFETY: it was put there as this type, and the caller's is the last pointer.
        unsafe { memory::free(header.cast::<Self>()) };
    }

    /// # Safety
    ///
    /// `header` is the cell's; the caller owns the stage; `to` is an `Option` of the output's type.
    unsafe fn take_output(header: NonNull<Header>, to: *mut ()) {
        // SAFETY: the caller has a reference, so the cell lives.
        let stage = unsafe { &header.cast::<Self>().as_ref().stage };
        // SAFETY: the caller owns the stage.
        let stage = stage.with_mut(|stage| unsafe { std::mem::replace(&mut *stage, Stage::Gone) });
        if let Stage::Output(output) = stage {
            // SAFETY: the caller says what `to` points to.
            unsafe { *to.cast::<Option<Result<F::Output, JoinError>>>() = Some(output) };
        }
    }
}
