//! The counts of a worker, which metrics read.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | each count, written by `add` and read by metrics: `Relaxed` | – | nothing: a count orders nothing, and only its worker writes it |
//!
//! Tokio's counterpart: `tokio/src/runtime/metrics/worker.rs`.

use crate::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Written by the worker alone, read by metrics.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) polls: AtomicU64,
    pub(crate) steals: AtomicU64,
    pub(crate) stolen: AtomicU64,
    pub(crate) overflows: AtomicU64,
    pub(crate) parks: AtomicU64,
}

impl Counters {
    /// Adds to a counter that only the calling worker writes: no read-modify-write.
    #[inline]
    pub(crate) fn add(counter: &AtomicU64, n: u64) {
        counter.store(counter.load(Relaxed) + n, Relaxed);
    }
}
