//! The settings of a runtime, once it is built.
//!
//! Tokio's counterpart: `tokio/src/runtime/config.rs`.

use crate::sync::thread;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Flavor {
    /// Workers with threads of their own.
    MultiThread,
    /// One worker, run by the thread that is in `Runtime::block_on`.
    CurrentThread,
}

/// The settings that `Builder` collected.
pub(crate) struct Config {
    pub(crate) flavor: Flavor,
    pub(crate) workers: usize,
    /// Ticks between two driver polls.
    pub(crate) event_interval: u32,
    /// Ticks between two looks into the global queue, if the user sets it.
    pub(crate) global_queue_interval: Option<u32>,
    pub(crate) lifo_slot: bool,
    /// The thread to which the runtime is bound, with its tasks that are not `Send`.
    pub(crate) home: Option<thread::ThreadId>,
}
