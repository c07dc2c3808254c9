//! Tasks: futures that the runtime polls on its own, until they are done or aborted.
//!
//! A task has three kinds of holders:
//!
//! - `Notified`, exactly one while the task is scheduled: the permission to run it. Queues hold these.
//! - [`JoinHandle`]: takes the output, aborts, or is dropped and so detaches the task.
//! - `Waker`s: put the task back into a queue.
//!
//! Below, *the runner* is the thread that has set `RUNNING`.
//!
//! The rules of the future and the output (`cell.rs`):
//!
//! 1. While `RUNNING` is set, the runner alone touches them.
//! 2. Once `COMPLETE` is set, the handle alone does, if `JOIN_INTEREST` was set at that moment; if not,
//!    the runner drops the output.
//!
//! The rules of the join waker's slot (`header.rs`), which is the handle's and then the runner's:
//!
//! 3. While `JOIN_WAKER` is unset, the handle alone touches the slot. It stores a waker, then sets the bit.
//! 4. While `JOIN_WAKER` is set, only the runner touches the slot, in `finish`, after `complete`.
//! 5. To store another waker the handle first clears the bit. That works only if the task is not
//!    `COMPLETE`. If it is, the runner may use the slot, and the handle takes the output.
//! 6. A handle that is dropped clears `JOIN_INTEREST` and `JOIN_WAKER` in one step. If the task was not
//!    complete, the slot is the handle's again, and it drops the waker. If it was, the slot stays the
//!    runner's, and the handle drops the output.
//! 7. No reference is needed for the slot beyond the one that each of the two holds.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/mod.rs`, whose header explains the same protocol.

mod transition;
mod state;
mod header;
pub(crate) mod notified;
pub(crate) mod waker;
pub(crate) mod defer;
pub(crate) mod coop;
pub(crate) mod error;
mod memory;
mod large;
mod cell;
mod reference;
mod abort;
pub(crate) mod join;
mod run;
mod raw;

pub use abort::AbortHandle;
pub use error::JoinError;
pub(crate) use header::{Header, Links};
pub use join::JoinHandle;
pub(crate) use large::{boxed_if_large, is_large};
pub(crate) use notified::{Notified, Schedule};
pub(crate) use raw::new;
pub(crate) use transition::Wake;
pub(crate) use waker::wake_all;
