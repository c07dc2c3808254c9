//! The part of a worker that one thread at a time holds: its queue, and what it remembers from tick to
//! tick. `block_in_place` hands it to another thread.

use super::outside::Outside;
use super::step::Source;
use crate::foreign::ForeignWaker;
use crate::runtime::scheduler::config::{Config, Flavor};
use crate::runtime::scheduler::lifo_slot::LifoSlot;
use crate::runtime::scheduler::queue::Local;
use crate::runtime::scheduler::tuning::Tuning;
use crate::runtime::task::Notified;
use std::collections::VecDeque;

/// The part of a worker that one thread at a time holds. On cache lines of its own, because it is
/// written all the time.
#[repr(align(128))]
pub(crate) struct Core {
    /// Ticks so far. The next two fields hold the tick at which something is due, which is cheaper than
    /// a division.
    pub(super) tick: u64,
    next_driver_tick: u64,
    pub(super) next_global_tick: u64,
    outside: Outside,
    pub(crate) lifo_slot: LifoSlot,
    pub(crate) lifo_enabled: bool,
    pub(crate) queue: Queue,
    pub(super) searching: bool,
    /// How many more times it re-runs its own yielded tasks before it tries to steal.
    pub(super) yields_before_steal: u32,
    /// It is in a driver poll: tasks that the poll wakes are queued first, and other workers are woken
    /// once at its end.
    pub(super) in_driver: bool,
    pub(super) tuning: Tuning,
    pub(super) polls: u64,
    pub(super) random: u32,
    /// Current thread: the waker of the future of `block_on`, kept for the next call. It holds the `Shared`,
    /// which has the core meanwhile: the end of the runtime takes the core out.
    pub(crate) root_waker: Option<ForeignWaker>,
}

/// A worker's own queue.
pub(crate) enum Queue {
    /// A ring of 256, from which other workers steal.
    Ring(Local),
    /// Unbounded: with one worker there is no thief and nowhere to overflow to.
    Fifo(VecDeque<Notified>),
}

impl Core {
    /// Counts the tick, and returns whether sockets and timers are due. Never with the current-thread
    /// flavor: there `block_on` counts, because its future is due at the same time.
    #[inline]
    pub(super) fn should_poll_driver(&mut self, config: &Config) -> bool {
        self.tick += 1;
        if self.tick != self.next_driver_tick || config.flavor == Flavor::CurrentThread {
            return false;
        }
        self.next_driver_tick = self.tick + u64::from(config.event_interval);
        self.tuning.end_batch();
        self.tuning.start_batch();
        true
    }

    pub(crate) fn new(shared: &Config, index: usize, queue: Queue, lifo_slot: LifoSlot) -> Self {
        let interval = match shared.flavor {
            Flavor::MultiThread => shared.global_queue_interval,
            Flavor::CurrentThread => Some(shared.global_queue_interval.unwrap_or(31)),
        };
        let tuning = Tuning::new(interval);
        Self {
            tick: 0,
            next_driver_tick: shared.event_interval.into(),
            next_global_tick: tuning.interval().into(),
            outside: Outside::new(interval.is_some()),
            lifo_slot,
            lifo_enabled: shared.lifo_slot,
            queue,
            searching: false,
            yields_before_steal: 0,
            in_driver: false,
            tuning,
            polls: 0,
            random: 0x9E37_79B9 ^ (index as u32 + 1),
            root_waker: None,
        }
    }

    /// Returns whether a task from outside, which waits, goes before this worker's own.
    #[cold]
    pub(super) fn is_outside_due(&mut self) -> bool {
        let own = || self.queue.len() + usize::from(self.lifo_slot.is_some());
        self.outside.may_look(self.tick) && self.outside.is_due(own)
    }

    /// Notes that it has taken tasks from the global queue.
    pub(super) fn took_from_global(&mut self, tasks: usize) {
        if tasks > 0 {
            self.outside.took(self.tick, tasks);
        }
    }

    #[inline]
    pub(super) fn next_own(&mut self) -> Option<(Notified, Source)> {
        if let Some(task) = self.lifo_slot.take() {
            return Some((task, Source::LifoSlot));
        }
        self.queue.pop().map(|task| (task, Source::Local))
    }

    pub(crate) fn has_work(&self) -> bool {
        self.lifo_slot.is_some() || self.queue.len() > 0
    }
}

impl Queue {
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Notified> {
        match self {
            Self::Ring(ring) => ring.pop(),
            Self::Fifo(queue) => queue.pop_front(),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Ring(ring) => ring.len() as usize,
            Self::Fifo(queue) => queue.len(),
        }
    }
}
