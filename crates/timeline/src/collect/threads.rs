//! Which thread this is, and whether it has slept.

use std::sync::atomic::{AtomicU32, Ordering};

thread_local! {
    static NUMBER: u32 = {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Only unique.
        NEXT.fetch_add(1, Ordering::Relaxed)
    };
}

/// Returns the number of this thread in this process, or None while the thread ends.
pub(super) fn number() -> Option<u32> {
    NUMBER.try_with(|number| *number).ok()
}

/// The thread of a worker. Tokio counts how often it goes to sleep and wakes up.
#[derive(Debug)]
pub(super) struct Sleeper {
    #[cfg(all(tokio_unstable, target_has_atomic = "64"))]
    metrics: tokio::runtime::RuntimeMetrics,
    #[cfg(all(tokio_unstable, target_has_atomic = "64"))]
    index: usize,
    #[cfg(all(tokio_unstable, target_has_atomic = "64"))]
    seen: u64,
}

impl Sleeper {
    /// Tells whether the thread slept since the last call. It must be that thread that asks.
    #[cfg(all(tokio_unstable, target_has_atomic = "64"))]
    pub(super) fn has_slept(sleeper: &mut Option<Sleeper>) -> bool {
        let Some(index) = tokio::runtime::worker_index() else { return false };
        if sleeper.as_ref().is_none_or(|sleeper| sleeper.index != index) {
            let Ok(handle) = tokio::runtime::Handle::try_current() else { return false };
            let mut new = Sleeper { metrics: handle.metrics(), index, seen: 0 };
            new.seen = new.count();
            *sleeper = Some(new);
            return false;
        }
        let Some(sleeper) = sleeper else { return false };
        let count = sleeper.count();
        std::mem::replace(&mut sleeper.seen, count) != count
    }

    /// Returns how often it went to sleep. Tokio counts it as awake again only after the driver has
    /// woken whom it had to wake.
    #[cfg(all(tokio_unstable, target_has_atomic = "64"))]
    fn count(&self) -> u64 {
        self.metrics.worker_park_unpark_count(self.index).div_ceil(2)
    }

    /// Tells whether it has slept since that thread asked last. Any thread may ask.
    #[cfg(all(tokio_unstable, target_has_atomic = "64"))]
    pub(super) fn has_slept_since(&self) -> bool {
        self.count() != self.seen
    }

    #[cfg(not(all(tokio_unstable, target_has_atomic = "64")))]
    pub(super) fn has_slept(_: &mut Option<Sleeper>) -> bool {
        false
    }

    #[cfg(not(all(tokio_unstable, target_has_atomic = "64")))]
    pub(super) fn has_slept_since(&self) -> bool {
        false
    }
}
