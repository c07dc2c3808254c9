//! The source of the next task: the worker's own queues, the global queue, another worker's queue.

use super::{Core, Queue, Source, Worker};
use crate::runtime::scheduler::config::Flavor;
use crate::runtime::scheduler::counters::Counters;
use crate::runtime::scheduler::queue;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::scheduler::signals::Seen;
use crate::runtime::task::Notified;

/// How many times in a row a worker re-runs its own yielded tasks before it tries to steal. Fetching a
/// task from another core's cache costs more than a poll.
const YIELDS_BEFORE_STEAL: u32 = 16;

/// How many times a searcher that has found nothing looks again, and how many pauses of the processor
/// lie between two looks: some microseconds in all, about what it takes to fall asleep and be woken.
const LOOKS: u32 = 5;
const PAUSES: u32 = 60;

impl Worker {
    /// Returns the next task from this worker's queues or the global one.
    #[inline]
    pub(super) fn next_task(&self, core: &mut Core, signals: Seen) -> Option<(Notified, Source)> {
        if core.tick == core.next_global_tick {
            core.tuning.tune();
            core.next_global_tick = core.tick + u64::from(core.tuning.interval());
            return self.next_global(core).or_else(|| core.next_own());
        }
        if signals.has_outside() && core.is_outside_due() {
            return self.next_batch(core).or_else(|| core.next_own());
        }
        core.next_own().or_else(|| self.next_batch(core))
    }

    fn next_global(&self, core: &mut Core) -> Option<(Notified, Source)> {
        let mut next = None;
        self.shared.inject.pop(1, |task| next = Some(task));
        core.took_from_global(usize::from(next.is_some()));
        next.map(|task| (task, Source::Global(1)))
    }

    /// Takes this worker's share of the global queue. Returns the first task, and queues the others.
    #[inline]
    fn next_batch(&self, core: &mut Core) -> Option<(Notified, Source)> {
        if self.shared.inject.len() == 0 { None } else { self.take_batch(core) }
    }

    fn take_batch(&self, core: &mut Core) -> Option<(Notified, Source)> {
        let Queue::Ring(ring) = &mut core.queue else {
            return self.next_global(core);
        };
        let share = self.shared.inject.len() / self.shared.config.workers + 1;
        // At most half of the ring, so that these tasks do not overflow into the global queue again.
        let count = share.min(ring.free().min(queue::CAPACITY / 2) as usize).max(1);
        let mut next = None;
        let mut taken = 0;
        self.shared.inject.pop(count, |task| {
            taken += 1;
            if next.is_none() {
                next = Some(task);
            } else {
                ring.push(task, |_| unreachable!("there is room: others only take"));
            }
        });
        core.took_from_global(taken);
        next.map(|task| (task, Source::Global(taken)))
    }

    /// Steals half of another worker's tasks, or takes a task that has just come from outside.
    pub(super) fn search(&self, core: &mut Core) -> Option<(Notified, Source)> {
        if !core.searching {
            // Its own yielded tasks are in its cache.
            let yielded = !self.defer.is_empty();
            core.yields_before_steal =
                if yielded { core.yields_before_steal.saturating_sub(1) } else { 0 };
            if core.yields_before_steal > 0 || yielded && !self.shared.has_work() {
                return None;
            }
            core.yields_before_steal = YIELDS_BEFORE_STEAL;
            core.searching = self.shared.idle.start_searching();
        }
        core.tuning.end_batch();
        let found = if core.searching { self.steal_now_or_soon(core) } else { None };
        if found.is_some() {
            core.tuning.start_batch();
        }
        found
    }

    fn steal_now_or_soon(&self, core: &mut Core) -> Option<(Notified, Source)> {
        self.steal(core).or_else(|| {
            let looks = if self.may_wait() { LOOKS } else { 0 };
            (0..looks).find_map(|_| {
                (0..PAUSES).for_each(|_| std::hint::spin_loop());
                if self.shared.has_work() { self.steal(core) } else { None }
            })
        })
    }

    /// Returns whether nothing waits for this worker while it looks again: no yielded task, and no
    /// socket, unless another worker sleeps in the driver. Timers count milliseconds, so they may wait.
    fn may_wait(&self) -> bool {
        let Shared { config, registry, driver, .. } = &*self.shared;
        config.flavor == Flavor::MultiThread
            && self.defer.is_empty()
            && (registry.is_empty() || !driver.is_vacant())
    }

    fn steal(&self, core: &mut Core) -> Option<(Notified, Source)> {
        let Queue::Ring(ring) = &mut core.queue else {
            return None; // there is one worker
        };
        let workers = self.shared.remotes.len();
        core.random = xorshift(core.random);
        let first = core.random as usize % workers;
        for victim in (first..workers).chain(0..first).filter(|victim| *victim != self.index) {
            if let Some((task, count)) = self.shared.remotes[victim].stealer.steal_into(ring) {
                let counters = &self.shared.remotes[self.index].counters;
                Counters::add(&counters.steals, 1);
                Counters::add(&counters.stolen, count.into());
                return Some((task, Source::Stolen(victim, count)));
            }
        }
        self.next_global(core)
    }
}

/// Marsaglia's generator. It is good enough to spread the thieves over their victims.
fn xorshift(mut n: u32) -> u32 {
    n ^= n << 13;
    n ^= n >> 17;
    n ^ n << 5
}
