//! Sleeping without losing a wake-up: the token.
//!
//! "Look for work, then sleep" has a gap: a thread that looks, finds nothing and falls asleep
//! sleeps over work that came in between. So [`Parker::unpark`] leaves a token, `NOTIFIED`. A worker
//! that finds the token does not sleep. Any number of wake-ups leave one token.
//!
//! A worker sleeps in one of two places. One worker can hold the driver: it sleeps in the kernel's
//! `epoll_wait`, so that sockets and timers wake it. The others sleep on a condition variable. The
//! state says which place it is, because each place has its own alarm.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `unpark`, the swap: `Release` | the parker's exchanges: `Acquire` | what the waker's thread wrote before it called `unpark` |
//! | `state`, exchanged to `EMPTY`: `Acquire` | the swap of `unpark`: `Release` | the same: the worker would take the token and miss the work |
//! | `state`, exchanged to `IN_CONDVAR` or `IN_DRIVER`, or read in the loop: `Relaxed` | – | nothing: the swap to `EMPTY` that follows acquires |
//! | `occupied`: `Relaxed` | – | nothing: it is a hint (see [`SharedDriver::is_vacant`]) |
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/park.rs`.

use crate::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use crate::sync::atomic::{AtomicBool, AtomicUsize};
use crate::sync::{Arc, Condvar, Mutex, MutexGuard, TryLockError, lock};
use std::time::Duration;

/// A place where a thread can wait, other than a condition variable.
pub(crate) trait Driver: Send {
    /// Waits until something happens, at most `timeout`, and wakes the tasks that waited for it.
    fn poll(&mut self, timeout: Option<Duration>);
}

/// The one driver, which the workers share, and the alarm that wakes the worker that sleeps in it.
pub(crate) struct SharedDriver {
    driver: Mutex<Box<dyn Driver>>,
    /// Whether a worker sleeps in it.
    occupied: AtomicBool,
    alarm: Box<dyn Fn() + Send + Sync>,
}

const EMPTY: usize = 0;
const IN_CONDVAR: usize = 1;
const IN_DRIVER: usize = 2;
const NOTIFIED: usize = 3;

/// The place where one worker sleeps. Only that worker parks.
pub(crate) struct Parker {
    /// `EMPTY` while the worker is awake, unless a token waits.
    state: AtomicUsize,
    mutex: Mutex<()>,
    condvar: Condvar,
    driver: Option<Arc<SharedDriver>>,
}

impl SharedDriver {
    pub(crate) fn new(driver: Box<dyn Driver>, alarm: Box<dyn Fn() + Send + Sync>) -> Self {
        Self { driver: Mutex::new(driver), occupied: AtomicBool::new(false), alarm }
    }

    /// Returns whether no worker sleeps in the driver, so that no event wakes anybody.
    ///
    /// A hint. If it is out of date, a worker searches a little longer, or wakes another worker that
    /// need not have been woken, or leaves the driver to the worker that has just left it and will
    /// poll it again before it sleeps.
    pub(crate) fn is_vacant(&self) -> bool {
        !self.occupied.load(Relaxed)
    }

    /// Polls sockets and timers, unless another worker holds the driver now.
    pub(crate) fn try_poll(&self, timeout: Option<Duration>) {
        if let Some(mut driver) = self.try_lock() {
            driver.poll(timeout);
        }
    }

    fn try_lock(&self) -> Option<MutexGuard<'_, Box<dyn Driver>>> {
        match self.driver.try_lock() {
            Ok(driver) => Some(driver),
            // An earlier poll has panicked, for instance at an error of the kernel. The next poll
            // starts afresh.
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl Parker {
    pub(crate) fn new(driver: Option<Arc<SharedDriver>>) -> Self {
        let state = AtomicUsize::new(EMPTY);
        Self { state, mutex: Mutex::new(()), condvar: Condvar::new(), driver }
    }

    /// Sleeps until there is a token, and takes it. It may return without one, so the caller looks again.
    pub(crate) fn park(&self) {
        if self.state.compare_exchange(NOTIFIED, EMPTY, Acquire, Relaxed).is_ok() {
            return;
        }
        if self.driver.as_ref().is_some_and(|driver| self.park_in(driver)) {
            return;
        }
        self.park_on_condvar();
    }

    /// Returns false if another worker holds the driver.
    fn park_in(&self, shared: &SharedDriver) -> bool {
        let Some(mut driver) = shared.try_lock() else {
            return false;
        };
        // Fails if a token came meanwhile.
        if self.state.compare_exchange(EMPTY, IN_DRIVER, Relaxed, Relaxed).is_ok() {
            shared.occupied.store(true, Relaxed);
            driver.poll(None);
            shared.occupied.store(false, Relaxed);
        }
        // Takes the token, if it was one that ended the sleep and not the driver's events.
        self.state.swap(EMPTY, Acquire);
        true
    }

    /// As [`Self::park`], on the condition variable alone, and for at most that long.
    pub(crate) fn park_timeout(&self, limit: Duration) {
        let guard = lock(&self.mutex);
        if self.state.compare_exchange(EMPTY, IN_CONDVAR, Relaxed, Relaxed).is_ok() {
            drop(self.condvar.wait_timeout(guard, limit));
        }
        self.state.swap(EMPTY, Acquire);
    }

    fn park_on_condvar(&self) {
        let mut guard = lock(&self.mutex);
        if self.state.compare_exchange(EMPTY, IN_CONDVAR, Relaxed, Relaxed).is_ok() {
            while self.state.load(Relaxed) != NOTIFIED {
                guard = self.condvar.wait(guard).unwrap_or_else(|poisoned| poisoned.into_inner());
            }
        }
        self.state.swap(EMPTY, Acquire);
    }

    /// Leaves the token, and wakes the worker where it sleeps. Called by any thread.
    pub(crate) fn unpark(&self) {
        match self.state.swap(NOTIFIED, Release) {
            IN_CONDVAR => {
                // The sleeper holds the lock from its exchange until it waits. A thread that has had
                // the lock after that notifies a thread that waits, and not one about to wait.
                drop(lock(&self.mutex));
                self.condvar.notify_one();
            }
            IN_DRIVER => {
                let driver = self.driver.as_ref().expect("it sleeps in it");
                (driver.alarm)();
            }
            _ => {} // The worker is awake, and will find the token.
        }
    }
}

#[cfg(all(loom, test))]
#[expect(unsafe_code, reason = "a model holds schedulers and cells by pointer")]
mod models;
