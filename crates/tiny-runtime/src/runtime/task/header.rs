//! The part of a task that does not depend on the type of its future.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/core.rs`.

use super::state::State;
use crate::foreign::ForeignWaker;
use crate::sync::UnsafeCell;
use crate::sync::atomic::AtomicU32;
use std::ptr::NonNull;

/// The part of a task that does not depend on the type of its future.
#[repr(C)]
pub(crate) struct Header {
    pub(crate) state: State,
    pub(crate) vtable: &'static Vtable,
    /// The task behind this one in the global queue. Belongs to the thread that holds the queue's lock.
    pub(crate) next: UnsafeCell<Option<NonNull<Header>>>,
    /// The number of the list of waiting tasks that it is in, from 1, or 0 if it is in none. Only the
    /// thread that runs the task sets and reads it.
    pub(crate) list: AtomicU32,
    /// Its neighbours there. They belong to the thread that holds the list's lock.
    pub(crate) links: UnsafeCell<Links>,
    /// Belongs to the `JoinHandle` while `JOIN_WAKER` is unset, and to the thread that runs the task
    /// while it is set.
    pub(crate) join_waker: UnsafeCell<Option<ForeignWaker>>,
}

/// See `waiting_tasks.rs`.
#[derive(Default)]
pub(crate) struct Links {
    pub(crate) before: Option<NonNull<Header>>,
    pub(crate) behind: Option<NonNull<Header>>,
}

/// The operations on a task of unknown type. Each takes a pointer to a live cell of the type for which
/// the table was made.
pub(crate) struct Vtable {
    /// Polls the task once. The caller has taken it from a queue.
    pub(crate) run: unsafe fn(NonNull<Header>),
    /// Puts the task into a queue. The caller has made it `Scheduled`.
    pub(crate) schedule: unsafe fn(NonNull<Header>),
    /// Moves the output to where the second pointer points: an `Option<Result<F::Output, _>>`.
    pub(crate) take_output: unsafe fn(NonNull<Header>, *mut ()),
    /// Frees the cell. Nobody else has a reference.
    pub(crate) free: unsafe fn(NonNull<Header>),
}
