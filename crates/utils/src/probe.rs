//! Probes for tests: what was polled, woken, dropped, allocated, and what a process did.

mod allocations;
mod child;
mod drop_log;
mod polls;
mod waker;

pub use allocations::{allocations, allocations_kept};
pub use child::{Child, Ended, Signal, in_child, rerun};
pub use drop_log::{DropLog, Guard};
pub use polls::{CountPolls, Polls};
pub use waker::CountingWaker;
