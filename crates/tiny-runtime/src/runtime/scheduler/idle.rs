//! The workers that search, the workers that sleep, and the choice of the one to wake.
//!
//! Waking a sleeping thread costs microseconds, and waking all of them for one task causes a
//! stampede. So new work wakes one worker, or none if a worker searches already: that worker will
//! find it. The worker that finds something wakes the next one, as long as there is something to
//! find. At most half of the workers search.
//!
//! The danger is the gap: work comes while the last searcher gives up. So a worker that falls asleep
//! while nobody searches looks once more *after* it is counted as asleep; and a thread that brings
//! work looks for a searcher *after* the work is queued.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | the fence of `should_wake`: `SeqCst`, between the push and the look at the counts | the fences of `stop_searching` and `go_to_sleep`: `SeqCst`, between the count and the look at the queues | a wake-up: both sides could look before the other's step is visible. Of two `SeqCst` fences one comes first, and the thread whose fence comes second sees the other's step |
//! | `counts`: `Relaxed` | – | nothing: the fences order them, and the lock orders two that change the sleepers |
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/idle.rs`. There only a searcher
//! looks again.

use crate::sync::atomic::Ordering::{Relaxed, SeqCst};
use crate::sync::atomic::{AtomicUsize, fence};
use crate::sync::{Mutex, lock};

pub(crate) struct Idle {
    /// The number of workers that search, in the low half, and of those that are awake, which includes
    /// the searchers, in the high half.
    counts: AtomicUsize,
    /// The workers that are not awake. The one that fell asleep last is woken first: its cache is the
    /// warmest.
    sleepers: Mutex<Vec<usize>>,
    workers: usize,
}

const SEARCHING: usize = 1;
const AWAKE: usize = 1 << 16;

fn searching(counts: usize) -> usize {
    counts % AWAKE
}

fn awake(counts: usize) -> usize {
    counts / AWAKE
}

/// The next step of a searcher that has found work.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    /// Run it: others still search.
    OthersSearch,
    /// It was the last searcher: wake a successor if there is more work.
    WakeSuccessor,
}

/// The next step, before it parks, of a worker that is now counted as asleep.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum Asleep {
    /// Park: another worker searches, and finds what comes.
    OthersSearch,
    /// No worker searches: look everywhere once more. If there is work, wake a worker, perhaps this one.
    LookAgain,
}

/// The origin of a worker's wake-up.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum Awake {
    /// The driver in which it slept gave it work. It does not search.
    ByDriver,
    /// A worker that claimed it, and counted it as searching.
    ByWorker,
}

impl Idle {
    /// Returns the start: all workers are awake, and none searches.
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            counts: AtomicUsize::new(workers * AWAKE),
            sleepers: Mutex::new(Vec::with_capacity(workers)),
            workers,
        }
    }

    /// Returns the worker to unpark for work that was just queued, if any. From now on it counts as
    /// awake and searching.
    #[inline]
    pub(crate) fn claim_sleeper(&self) -> Option<usize> {
        if !self.should_wake() {
            return None;
        }
        let mut sleepers = lock(&self.sleepers);
        if !self.should_wake() {
            return None;
        }
        self.counts.fetch_add(AWAKE + SEARCHING, Relaxed);
        sleepers.pop()
    }

    #[inline]
    fn should_wake(&self) -> bool {
        // Between the push of the work and the look at the counts. Tokio uses a read-modify-write of
        // the counts instead, for which two workers that push pass the cache line to and fro.
        fence(SeqCst);
        let counts = self.counts.load(Relaxed);
        searching(counts) == 0 && awake(counts) < self.workers
    }

    /// Counts the calling worker as searching, and returns true, unless half of the workers search.
    pub(crate) fn start_searching(&self) -> bool {
        if 2 * searching(self.counts.load(Relaxed)) >= self.workers {
            return false;
        }
        // Two workers may pass the limit at once. It only keeps the crowd small.
        self.counts.fetch_add(SEARCHING, Relaxed);
        true
    }

    /// Counts the worker, which has found work, as no longer searching.
    pub(crate) fn stop_searching(&self) -> Found {
        let before = self.counts.fetch_sub(SEARCHING, Relaxed);
        fence(SeqCst); // and then a look at the queues
        if searching(before) == 1 { Found::WakeSuccessor } else { Found::OthersSearch }
    }

    /// Counts the worker as asleep.
    ///
    /// A worker that was not searching looks again as well. The worker that was searching may have
    /// found a task that never ends; then nobody would look for work queued after that task.
    pub(crate) fn go_to_sleep(&self, worker: usize, searches: bool) -> Asleep {
        let mut sleepers = lock(&self.sleepers);
        let before = self.counts.fetch_sub(AWAKE + if searches { SEARCHING } else { 0 }, Relaxed);
        sleepers.push(worker);
        fence(SeqCst); // and then a look at the queues
        let others_search = searching(before) > usize::from(searches);
        if others_search { Asleep::OthersSearch } else { Asleep::LookAgain }
    }

    /// Counts the worker, which has left its park, as awake.
    pub(crate) fn wake_up(&self, worker: usize) -> Awake {
        let mut sleepers = lock(&self.sleepers);
        let Some(place) = sleepers.iter().position(|sleeper| *sleeper == worker) else {
            return Awake::ByWorker;
        };
        sleepers.swap_remove(place);
        self.counts.fetch_add(AWAKE, Relaxed);
        Awake::ByDriver
    }

    /// Returns whether the worker still counts as asleep. If so, its park ended for another reason than a
    /// claim.
    pub(crate) fn sleeps(&self, worker: usize) -> bool {
        lock(&self.sleepers).contains(&worker)
    }
}

#[cfg(all(loom, test))]
mod models;

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn one_is_woken_at_a_time_the_last_asleep_first() {
        let idle = Idle::new(3);
        assert_eq!(idle.claim_sleeper(), None, "all are awake");
        for worker in [2, 0, 1] {
            assert_eq!(idle.go_to_sleep(worker, false), Asleep::LookAgain, "nobody searches");
        }
        assert_eq!(idle.claim_sleeper(), Some(1));
        assert_eq!(idle.claim_sleeper(), None, "worker 1 searches already");
        assert_eq!(idle.stop_searching(), Found::WakeSuccessor, "it was the last");
        assert_eq!(idle.claim_sleeper(), Some(0));
    }

    #[test]
    fn at_most_half_of_the_workers_search_and_the_last_to_give_up_looks_again() {
        let idle = Idle::new(4);
        assert!(idle.start_searching());
        assert!(idle.start_searching());
        assert!(!idle.start_searching());
        assert_eq!(idle.go_to_sleep(0, true), Asleep::OthersSearch);
        assert_eq!(idle.go_to_sleep(2, false), Asleep::OthersSearch);
        assert_eq!(idle.go_to_sleep(1, true), Asleep::LookAgain);
    }

    #[test]
    fn a_worker_woken_by_the_driver_does_not_search() {
        let idle = Idle::new(1);
        assert_eq!(idle.go_to_sleep(0, false), Asleep::LookAgain);
        assert!(idle.sleeps(0));
        assert_eq!(idle.wake_up(0), Awake::ByDriver);
        assert!(!idle.sleeps(0));
        assert_eq!(idle.wake_up(0), Awake::ByWorker);
    }
}
