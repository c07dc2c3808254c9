//! Tasks: futures that the runtime polls on its own, until they are done or aborted.
//!
//! Who holds a task, and what for:
//!
//! - `Notified`, exactly one while it is scheduled: the permission to run it. Queues hold these.
//! - [`JoinHandle`]: takes the output, aborts, or is dropped and so detaches.
//! - `Waker`s: put it back into a queue.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/mod.rs`, whose header explains the same protocol.

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
pub(crate) mod join;
mod run;
mod raw;

pub use error::JoinError;
pub(crate) use header::{Header, Links};
pub use join::{AbortHandle, JoinHandle};
pub(crate) use large::is_large;
pub(crate) use notified::{Notified, Schedule};
pub(crate) use raw::new;
pub(crate) use state::Wake;
