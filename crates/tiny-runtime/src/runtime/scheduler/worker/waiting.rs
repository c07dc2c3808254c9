//! A worker that has nothing to run: it polls the driver, or sleeps.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `polls`, stored by `poll_driver`: `Relaxed` | – | nothing: a count (`counters.rs`) |

use super::{Core, Step, Worker};
use crate::runtime::scheduler::config::Flavor;
use crate::runtime::scheduler::counters::Counters;
use crate::runtime::scheduler::idle::{Asleep, Awake};
use crate::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

impl Worker {
    pub(super) fn without_work(&self) -> Step {
        if !self.defer.is_empty() {
            self.poll_driver(Some(Duration::ZERO));
            return Step::PolledDriver;
        }
        if self.shared.config.flavor == Flavor::MultiThread {
            self.fall_asleep();
        }
        Step::Slept
    }

    /// Counts this worker, which has found nothing, as asleep.
    fn fall_asleep(&self) {
        let searched = self.with_core(|core| {
            debug_assert!(!core.has_work(), "nobody else puts anything there");
            std::mem::take(&mut core.searching)
        });
        if self.shared.idle.go_to_sleep(self.index, searched) == Asleep::LookAgain {
            self.shared.wake_one_if_there_is_work();
        }
    }

    /// Sleeps until there is something to do.
    pub(crate) fn sleep(&self) {
        while !self.wake_up(None) {}
    }

    /// Waits in the driver or on the condition variable. Returns whether the worker is awake then.
    pub(crate) fn wake_up(&self, wait: Option<Duration>) -> bool {
        self.poll_driver(wait);
        let idle = &self.shared.idle;
        self.with_core(|core| {
            if !core.has_work() && !self.shared.is_shutdown() && idle.sleeps(self.index) {
                return false;
            }
            core.searching = idle.wake_up(self.index) == Awake::ByWorker;
            core.tuning.start_batch();
            true
        })
    }

    /// Polls sockets and timers, without waiting, or until an event or a wake-up.
    pub(crate) fn poll_driver(&self, wait: Option<Duration>) {
        let shared = &*self.shared;
        self.with_core(|core| core.in_driver = true);
        match wait {
            // Each yield causes such a poll. So it asks the kernel only if there is a socket or a timer.
            Some(_) if shared.registry.is_empty() && shared.timers.is_empty() => {}
            Some(_) => shared.driver.try_poll(wait),
            None => {
                let remote = &shared.remotes[self.index];
                Counters::add(&remote.counters.parks, 1);
                remote.parker.park();
            }
        }
        self.wake_deferred();
        let has_work_for_others = self.with_core(|core| {
            core.in_driver = false;
            shared.remotes[self.index].counters.polls.store(core.polls, Relaxed);
            !core.searching && usize::from(core.lifo_slot.is_some()) + core.queue.len() > 1
        });
        if has_work_for_others {
            shared.wake_one();
        }
    }

    fn with_core<R>(&self, use_it: impl FnOnce(&mut Core) -> R) -> R {
        use_it(self.core.borrow_mut().as_deref_mut().expect("no task runs"))
    }
}
