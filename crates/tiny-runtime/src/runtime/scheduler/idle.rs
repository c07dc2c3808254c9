//! Who searches, who sleeps, and whom to wake.
//!
//! To wake a sleeping thread costs microseconds; to wake all of them for one task, a stampede. So
//! new work wakes one worker, and none if a worker searches already: that one will find it. The
//! worker that finds something wakes the next, as long as there is something to find. At most half
//! of the workers search.
//!
//! The danger is the gap: work comes while the last searcher gives up. So whoever falls asleep while
//! nobody searches, after it is counted as asleep, looks once more; and who brings work looks, after
//! it is queued, whether someone searches. Both sides have a fence between their step and their look,
//! and the fences are in one order that all agree on (`SeqCst`): one of the two sees the other.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/idle.rs`. There only a searcher
//! looks again.

use crate::sync::atomic::Ordering::{Relaxed, SeqCst};
use crate::sync::atomic::{AtomicUsize, fence};
use crate::sync::{Mutex, lock};

pub(crate) struct Idle {
    /// How many search, in the low half, and how many are awake, these included, in the high one.
    counts: AtomicUsize,
    /// The others. The one that went to sleep last is woken first: its cache is the warmest.
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

impl Idle {
    /// All workers are awake, and none searches.
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            counts: AtomicUsize::new(workers * AWAKE),
            sleepers: Mutex::new(Vec::with_capacity(workers)),
            workers,
        }
    }

    /// There is work, already queued. Whom to unpark for it, if anyone: the worker is counted as
    /// awake and searching from now on.
    #[inline]
    pub(crate) fn worker_to_wake(&self) -> Option<usize> {
        if !self.should_wake() {
            return None;
        }
        let mut sleepers = lock(&self.sleepers);
        if !self.should_wake() {
            return None;
        }
        self.counts.fetch_add(AWAKE + SEARCHING, SeqCst);
        sleepers.pop()
    }

    #[inline]
    fn should_wake(&self) -> bool {
        // Between the push of the work and this look. A write here would say it as well, as Tokio
        // does, but two workers that push would pass the line to and fro.
        fence(SeqCst);
        let counts = self.counts.load(Relaxed);
        searching(counts) == 0 && awake(counts) < self.workers
    }

    /// A worker without work wants to steal. Half of them may.
    pub(crate) fn start_searching(&self) -> bool {
        if 2 * searching(self.counts.load(SeqCst)) >= self.workers {
            return false;
        }
        // Two may pass the limit at once. It only limits the crowd.
        self.counts.fetch_add(SEARCHING, SeqCst);
        true
    }

    /// A searcher has found work. True if it was the last: then it looks for what else there is, and
    /// wakes another if need be.
    #[must_use]
    pub(crate) fn stop_searching(&self) -> bool {
        let before = self.counts.fetch_sub(SEARCHING, SeqCst);
        fence(SeqCst); // and then a look at the queues
        searching(before) == 1
    }

    /// A worker goes to sleep. True if now nobody searches: then it looks everywhere once more, and
    /// wakes one, perhaps itself, if there is anything.
    ///
    /// Also if it has not searched itself, since another did: that one has found a task meanwhile, and
    /// if the task never ends, nobody else looks for what came after it.
    #[must_use]
    pub(crate) fn go_to_sleep(&self, worker: usize, searches: bool) -> bool {
        let mut sleepers = lock(&self.sleepers);
        let before = self.counts.fetch_sub(AWAKE + if searches { SEARCHING } else { 0 }, SeqCst);
        sleepers.push(worker);
        fence(SeqCst); // and then a look at the queues
        searching(before) == usize::from(searches)
    }

    /// The driver, in which the worker slept, has given it work. False if it was woken besides: then
    /// it counts as searching.
    #[must_use]
    pub(crate) fn wake_oneself(&self, worker: usize) -> bool {
        let mut sleepers = lock(&self.sleepers);
        let Some(place) = sleepers.iter().position(|sleeper| *sleeper == worker) else {
            return false;
        };
        sleepers.swap_remove(place);
        self.counts.fetch_add(AWAKE, SeqCst);
        true
    }

    /// Whether nobody has woken the worker: its park ended for no reason of ours.
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
        assert_eq!(idle.worker_to_wake(), None, "all are awake");
        for worker in [2, 0, 1] {
            assert!(idle.go_to_sleep(worker, false), "nobody searches: it looks again");
        }
        assert_eq!(idle.worker_to_wake(), Some(1));
        assert_eq!(idle.worker_to_wake(), None, "worker 1 searches already");
        assert!(idle.stop_searching(), "the last that searches wakes another");
        assert_eq!(idle.worker_to_wake(), Some(0));
    }

    #[test]
    fn at_most_half_of_the_workers_search_and_the_last_to_give_up_looks_again() {
        let idle = Idle::new(4);
        assert!(idle.start_searching());
        assert!(idle.start_searching());
        assert!(!idle.start_searching());
        assert!(!idle.go_to_sleep(0, true), "another still searches");
        assert!(!idle.go_to_sleep(2, false));
        assert!(idle.go_to_sleep(1, true));
    }

    #[test]
    fn a_worker_woken_by_the_driver_does_not_search() {
        let idle = Idle::new(1);
        assert!(idle.go_to_sleep(0, false));
        assert!(idle.sleeps(0));
        assert!(idle.wake_oneself(0));
        assert!(!idle.sleeps(0));
        assert!(!idle.wake_oneself(0), "somebody else has woken it");
    }
}
