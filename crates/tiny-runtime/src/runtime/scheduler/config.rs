//! The settings of a runtime, once it is built.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `is_shutdown`, read at each tick: `Relaxed` | – | nothing: a worker that misses the end sees it again behind a fence (`stop_searching`), or under the lock of a queue that the end has closed |
//!
//! Tokio's counterpart: `tokio/src/runtime/config.rs`.

use crate::sync::atomic::{AtomicBool, Ordering::Relaxed};
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
    /// The runtime ends: no task is spawned, and no poll begins. Written once. Each tick reads it, and
    /// reads the settings anyway, so it stands on their cache line.
    pub(crate) is_shutdown: AtomicBool,
}

impl Config {
    /// Returns whether the runtime ends.
    #[inline]
    pub(crate) fn is_shutdown(&self) -> bool {
        self.is_shutdown.load(Relaxed)
    }
}
