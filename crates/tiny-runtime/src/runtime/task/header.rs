//! What is known of every task, whatever its future.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/core.rs`.

use super::state::State;
use crate::sync::UnsafeCell;
use crate::sync::atomic::AtomicU32;
use std::ptr::NonNull;
use std::task::Waker;

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

/// See `waiting_tasks.rs`.
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
