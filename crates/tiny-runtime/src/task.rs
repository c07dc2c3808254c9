//! Tasks: futures that the runtime polls on its own, until they are done or aborted.

mod spawn;
mod spawn_blocking;
mod spawn_local;
mod unconstrained;
pub mod coop;
mod yield_now;
mod join_set;

pub use crate::runtime::block_in_place::block_in_place;
pub use crate::runtime::task::{AbortHandle, JoinError, JoinHandle};
pub use join_set::JoinSet;
pub use spawn::spawn;
pub use spawn_blocking::spawn_blocking;
pub use spawn_local::spawn_local;
pub use unconstrained::{Unconstrained, unconstrained};
pub use yield_now::yield_now;
