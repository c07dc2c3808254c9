//! What a runtime is told when it is built.
//!
//! Tokio's counterpart: `tokio/src/runtime/config.rs`.

use crate::sync::thread;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Flavor {
    /// Workers with threads of their own.
    MultiThread,
    /// One worker, run by whichever thread is in `Runtime::block_on`.
    CurrentThread,
}

/// What `Builder` has been told.
pub(crate) struct Config {
    pub(crate) flavor: Flavor,
    pub(crate) workers: usize,
    /// Turns between two looks at sockets and timers.
    pub(crate) event_interval: u32,
    /// Turns between two looks into the global queue, if the user sets it.
    pub(crate) global_queue_interval: Option<u32>,
    pub(crate) lifo_slot: bool,
    /// The thread to which the runtime is bound, with its tasks that are not `Send`.
    pub(crate) home: Option<thread::ThreadId>,
}
