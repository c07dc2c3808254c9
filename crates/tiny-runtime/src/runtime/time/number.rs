//! The number of a runtime, by which a `Sleep` names it. No other runtime of the process ever has it.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `NEXT`: `Relaxed` | – | nothing: each addition gives another number |
//!
//! Tokio has no such thing: there a `Sleep` counts a reference to its runtime.

// Named here although `crate::sync` should: loom has no atomics for a `static`.
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number(u64);

static NEXT: AtomicU64 = AtomicU64::new(0);

impl Number {
    pub(super) fn next() -> Self {
        Self(NEXT.fetch_add(1, Relaxed))
    }
}
