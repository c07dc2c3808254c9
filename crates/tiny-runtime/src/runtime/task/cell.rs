//! One allocation for each task: a header that all tasks share, then the future, which makes room
//! for its output.
//!
//! ```text
//!   Task ──┐                 ┌─────────────┐
//!   Waker ─┼── one pointer ─▶│ Header      │ state, vtable, links, join waker: 64 bytes
//!   JoinHandle ──┘           ├─────────────┤
//!                            │ scheduler   │ where a woken task goes
//!                            │ Stage<F>    │ the future, then its output, then nothing
//!                            └─────────────┘
//! ```
//!
//! The holders of the pointer do not know the type of the cell: a queue has tasks of every type. The
//! header's `vtable`, written by hand, knows it. The future is written into the cell by value and never
//! moves again: that is all the pinning there is.
//!
//! Contains `unsafe`: pointers without a type, and cells whose owner the state names.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/core.rs`. There the cell is aligned to 128 bytes,
//! against false sharing; glibc's `malloc` serves such an alignment four times slower.

#![expect(unsafe_code, reason = "pointers without a type, and cells whose owner the state names")]

use super::error::JoinError;
use super::header::Header;
use crate::foreign::ignore_panic;
use crate::sync::UnsafeCell;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

/// `repr(C)`, header first: a pointer to the cell is a pointer to its header.
#[repr(C)]
pub(super) struct Cell<F: Future, S> {
    pub(super) header: Header,
    pub(super) scheduler: S,
    /// Belongs to the thread that has set `RUNNING`. Once `COMPLETE` is set, it belongs to the `JoinHandle`,
    /// or to the runner if the handle was dropped before.
    pub(super) stage: UnsafeCell<Stage<F>>,
}

pub(super) enum Stage<F: Future> {
    Future(F),
    Output(Result<F::Output, JoinError>),
    Gone,
}

impl<F: Future> Stage<F> {
    /// Polls the future. If it panics, drops it while the thread unwinds: a `MutexGuard` in it
    /// then poisons its lock.
    ///
    /// # Safety
    ///
    /// The caller owns the stage, which is pinned.
    #[inline]
    pub(super) unsafe fn poll(stage: *mut Self, context: &mut Context<'_>) -> Poll<F::Output> {
        struct ClearOnPanic<F: Future>(*mut Stage<F>);
        impl<F: Future> Drop for ClearOnPanic<F> {
            fn drop(&mut self) {
                // SAFETY: the caller of `poll` owns the stage, and the poll is over.
                ignore_panic(|| unsafe { Stage::clear(self.0) });
            }
        }
        let clear_on_panic = ClearOnPanic(stage);
        // SAFETY: the caller owns the stage.
        let Stage::Future(future) = (unsafe { &mut *stage }) else {
            unreachable!("a task that is over is not run");
        };
        // SAFETY: the cell stays where it is until it is freed, and no one moves the future out of
        // it: it is only polled here and dropped in its place.
        let poll = unsafe { Pin::new_unchecked(future) }.poll(context);
        mem::forget(clear_on_panic);
        poll
    }

    /// Drops the content in its place. If that panics, the stage is `Gone` all the same.
    ///
    /// # Safety
    ///
    /// The caller owns the stage.
    pub(super) unsafe fn clear(stage: *mut Self) {
        struct Gone<F: Future>(*mut Stage<F>);
        impl<F: Future> Drop for Gone<F> {
            fn drop(&mut self) {
                // SAFETY: the caller of `clear` owns the stage, whose value has been dropped.
                unsafe { self.0.write(Stage::Gone) };
            }
        }
        let _gone = Gone(stage);
        // SAFETY: the caller owns the stage; it is written before anyone reads it again.
        unsafe { stage.drop_in_place() };
    }
}
