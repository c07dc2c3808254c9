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
//! What the pointer points to is not known to those who hold it: a queue has tasks of every type.
//! The header's `vtable`, written by hand, knows. The future is written into the cell by value and
//! never moves again: that is all the pinning there is.
//!
//! Contains `unsafe`: pointers without a type, and cells whose owner the state names.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/core.rs`. There the cell is aligned to 128 bytes,
//! against false sharing; glibc's `malloc` serves such an alignment four times slower.

#![expect(unsafe_code, reason = "pointers without a type, and cells whose owner the state names")]

use super::{JoinError, Schedule, State, memory};
use crate::sync::UnsafeCell;
use crate::sync::atomic::AtomicU32;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};

/// What is known of every task.
#[repr(C)]
pub(crate) struct Header {
    pub(crate) state: State,
    pub(crate) vtable: &'static Vtable,
    /// The task behind this one in the global queue. Belongs to whoever holds the queue's lock.
    pub(crate) next: UnsafeCell<Option<NonNull<Header>>>,
    /// The list of waiting tasks it is in, from 1, or 0 for none. Set and read by its runner.
    pub(crate) list: AtomicU32,
    /// Its neighbours there. They belong to whoever holds the list's lock.
    pub(crate) links: UnsafeCell<Links>,
    /// Belongs to the `JoinHandle` while `JOIN_WAKER` is unset, else to the runner.
    pub(crate) join_waker: UnsafeCell<Option<Waker>>,
}

/// See `owned.rs`.
#[derive(Default)]
pub(crate) struct Links {
    pub(crate) before: Option<NonNull<Header>>,
    pub(crate) behind: Option<NonNull<Header>>,
}

/// What can be done with a task of unknown type. All functions take a pointer to a live cell of the
/// type the table was made for.
pub(crate) struct Vtable {
    /// Polls it once. The caller had it in a queue.
    pub(crate) run: unsafe fn(NonNull<Header>),
    /// Puts it into a queue. The caller has made it `Scheduled`.
    pub(crate) schedule: unsafe fn(NonNull<Header>),
    /// Moves the output to where the second pointer points: an `Option<Result<F::Output, _>>`.
    pub(crate) take_output: unsafe fn(NonNull<Header>, *mut ()),
    /// Frees the cell. Nobody else has a reference.
    pub(crate) free: unsafe fn(NonNull<Header>),
}

/// `repr(C)`, header first: a pointer to the cell is a pointer to its header.
#[repr(C)]
pub(super) struct Cell<F: Future, S> {
    pub(super) header: Header,
    pub(super) scheduler: S,
    /// Belongs to whoever has set `RUNNING`; once `COMPLETE`, to the `JoinHandle`, or to the runner
    /// if the handle has gone before.
    pub(super) stage: UnsafeCell<Stage<F>>,
}

pub(super) enum Stage<F: Future> {
    Future(F),
    Output(Result<F::Output, JoinError>),
    Gone,
}

impl<F: Future, S: Schedule> Cell<F, S> {
    const VTABLE: Vtable = Vtable {
        run: super::run::run::<F, S>,
        schedule: super::run::schedule::<F, S>,
        take_output: Self::take_output,
        free: Self::free,
    };

    /// The one allocation of a task. `Box::pin` would say that the future stays where it is; here
    /// it is that nobody ever has it by value, nor a `&mut` to it outside a `Pin`.
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

impl<F: Future> Stage<F> {
    /// # Safety
    ///
    /// The caller owns the stage, which is pinned.
    pub(super) unsafe fn poll(stage: *mut Self, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the caller owns the stage.
        let Stage::Future(future) = (unsafe { &mut *stage }) else {
            unreachable!("a task that is over is not run");
        };
        // SAFETY: the cell stays where it is until it is freed, and no one moves the future out of
        // it: it is only polled here and dropped in its place.
        unsafe { Pin::new_unchecked(future) }.poll(context)
    }

    /// Drops what is there, in its place. What is dropped may panic; it is gone all the same.
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
