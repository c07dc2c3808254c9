//! For how many of a worker's own tasks a task from outside waits.
//!
//! First come, first served, as far as a worker can tell cheaply: the task waits for those that were in the
//! worker's queue when the worker saw it, but for [`FIRST`] of them at most. Tasks that these spawn or wake
//! come after it. The worker then takes a batch, and polls as many tasks of its queue as the batch has, so that
//! neither side starves the other.
//!
//! Tokio has no such thing: there a busy worker takes one task of the global queue every 200 µs.

/// The number of own tasks that go first. A longer queue does not make a task from outside wait longer.
const FIRST: usize = 3;

#[derive(Debug)]
pub(super) struct Outside {
    /// The tick from which on the worker looks for a task from outside.
    next_look: u64,
    /// How many own tasks still go first, once a task from outside was seen.
    first: Option<usize>,
}

impl Outside {
    /// If the user has set how often the global queue goes first, it never goes first in between.
    pub(super) fn new(is_interval_set: bool) -> Self {
        Self { next_look: if is_interval_set { u64::MAX } else { 0 }, first: None }
    }

    pub(super) fn may_look(&self, tick: u64) -> bool {
        tick >= self.next_look
    }

    /// A task from outside waits, and the worker asks before it polls one of its `own`. Returns whether the
    /// task from outside goes first.
    pub(super) fn is_due(&mut self, own: impl FnOnce() -> usize) -> bool {
        let first = self.first.map_or_else(|| own().min(FIRST), |first| first.saturating_sub(1));
        self.first = Some(first);
        first == 0
    }

    /// Notes that the worker has taken tasks from the global queue. As many ticks belong to its queue now.
    pub(super) fn took(&mut self, tick: u64, tasks: usize) {
        self.first = None;
        self.next_look = self.next_look.max(tick + tasks as u64);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn it_waits_for_the_tasks_before_it_but_for_three_at_most() {
        for (own, first) in [(0, 0), (1, 1), (3, 3), (256, 3)] {
            let mut outside = Outside::new(false);
            assert_eq!((0..).find(|_| outside.is_due(|| own)), Some(first), "{own}");
            assert!(outside.is_due(|| own), "until it is taken");
        }
    }

    #[test]
    fn after_a_batch_the_queue_has_as_many_ticks() {
        let mut outside = Outside::new(false);
        assert!(outside.may_look(0));
        outside.took(10, 3);
        assert_eq!([10, 12, 13].map(|tick| outside.may_look(tick)), [false, false, true]);
    }

    #[test]
    fn an_interval_that_the_user_sets_stays() {
        let mut outside = Outside::new(true);
        outside.took(10, 3);
        assert!(!outside.may_look(1_000));
    }
}
