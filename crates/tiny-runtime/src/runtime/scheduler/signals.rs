//! The word that each worker reads in each tick: does the runtime end, and does a task from outside wait?
//!
//! It costs one load, of a cache line that is written only when an answer changes.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | the word, read by `read`: `Relaxed` | – | nothing: a worker that misses a task from outside sees it in a later tick, and takes it under the lock. A worker that misses the end sees it again behind a fence (`stop_searching`), or under the lock of a queue that the end has closed |
//! | the word, written by `set`: `Relaxed` | – | nothing: one thread at a time writes it, under the lock of `inject.rs` |

use crate::sync::CachePadded;
use crate::sync::atomic::{AtomicU8, Ordering::Relaxed};

const SHUTDOWN: u8 = 1;
const OUTSIDE: u8 = 2;

#[derive(Default)]
pub(super) struct Signals(CachePadded<AtomicU8>);

/// The signals at one moment.
#[derive(Clone, Copy)]
pub(crate) struct Seen(u8);

impl Signals {
    #[inline]
    pub(super) fn read(&self) -> Seen {
        Seen(self.0.load(Relaxed))
    }

    pub(super) fn set(&self, is_shutdown: bool, has_outside: bool) {
        let now = if is_shutdown { SHUTDOWN } else { 0 } | if has_outside { OUTSIDE } else { 0 };
        if self.0.load(Relaxed) != now {
            self.0.store(now, Relaxed);
        }
    }
}

impl Seen {
    /// Returns whether the runtime ends: no task is spawned, and no poll begins.
    #[inline]
    pub(crate) fn is_shutdown(self) -> bool {
        self.0 & SHUTDOWN != 0
    }

    /// Returns whether a task waits in the global queue that came from outside the workers.
    #[inline]
    pub(crate) fn has_outside(self) -> bool {
        self.0 & OUTSIDE != 0
    }
}
