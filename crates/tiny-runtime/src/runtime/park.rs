//! Sleeping without losing a wake-up: the token.
//!
//! "Look whether there is work, then sleep" has a gap: work that comes in between is slept over. So
//! a wake-up leaves a token, `NOTIFIED`, and who finds the token does not sleep. Any number of
//! wake-ups are one token.
//!
//! A worker sleeps in one of two places. One of them can have the driver, and sleeps in the kernel's
//! `epoll_wait`, so that sockets and timers wake it; the others sleep on a condition variable. The
//! state says where, since each place has its own alarm.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/park.rs`.

use crate::sync::atomic::Ordering::SeqCst;
use crate::sync::atomic::{AtomicBool, AtomicUsize};
use crate::sync::{Arc, Condvar, Mutex, MutexGuard, TryLockError, lock};
use std::time::Duration;

/// What a thread can wait in instead of on a condition variable.
pub(crate) trait Driver: Send {
    /// Waits until something happens, at most `timeout`, and wakes whom it concerns.
    fn poll(&mut self, timeout: Option<Duration>);
}

/// The one driver, which the workers share, and the alarm of whoever sleeps in it.
pub(crate) struct SharedDriver {
    driver: Mutex<Box<dyn Driver>>,
    /// A worker sleeps in it.
    occupied: AtomicBool,
    alarm: Box<dyn Fn() + Send + Sync>,
}

const EMPTY: usize = 0;
const IN_CONDVAR: usize = 1;
const IN_DRIVER: usize = 2;
const NOTIFIED: usize = 3;

/// One worker's place to sleep. Only the worker itself parks.
pub(crate) struct Parker {
    /// `EMPTY` while it is awake, unless a token waits.
    state: AtomicUsize,
    mutex: Mutex<()>,
    condvar: Condvar,
    driver: Option<Arc<SharedDriver>>,
}

impl SharedDriver {
    pub(crate) fn new(driver: Box<dyn Driver>, alarm: Box<dyn Fn() + Send + Sync>) -> Self {
        Self { driver: Mutex::new(driver), occupied: AtomicBool::new(false), alarm }
    }

    /// Whether no worker sleeps in it: nothing wakes up by itself.
    pub(crate) fn is_vacant(&self) -> bool {
        !self.occupied.load(SeqCst)
    }

    /// Gives sockets and timers their turn, unless somebody else has the driver now.
    pub(crate) fn try_poll(&self, timeout: Option<Duration>) {
        if let Some(mut driver) = self.try_lock() {
            driver.poll(timeout);
        }
    }

    fn try_lock(&self) -> Option<MutexGuard<'_, Box<dyn Driver>>> {
        match self.driver.try_lock() {
            Ok(driver) => Some(driver),
            // A turn has panicked, as after an error of the kernel, which is nothing to the next.
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

    /// Sleeps until there is a token, and takes it. May return without one: look again.
    pub(crate) fn park(&self) {
        if self.state.compare_exchange(NOTIFIED, EMPTY, SeqCst, SeqCst).is_ok() {
            return;
        }
        if self.driver.as_ref().is_some_and(|driver| self.park_in(driver)) {
            return;
        }
        self.park_on_condvar();
    }

    /// False if another worker sleeps in the driver.
    fn park_in(&self, shared: &SharedDriver) -> bool {
        let Some(mut driver) = shared.try_lock() else {
            return false;
        };
        if self.state.compare_exchange(EMPTY, IN_DRIVER, SeqCst, SeqCst).is_ok() {
            shared.occupied.store(true, SeqCst);
            driver.poll(None);
            shared.occupied.store(false, SeqCst);
        }
        // Whatever it was: the driver's events, or a token, which is taken herewith.
        self.state.swap(EMPTY, SeqCst);
        true
    }

    fn park_on_condvar(&self) {
        let mut guard = lock(&self.mutex);
        if self.state.compare_exchange(EMPTY, IN_CONDVAR, SeqCst, SeqCst).is_ok() {
            while self.state.load(SeqCst) != NOTIFIED {
                guard = self.condvar.wait(guard).unwrap_or_else(|poisoned| poisoned.into_inner());
            }
        }
        self.state.swap(EMPTY, SeqCst);
    }

    /// Leaves the token, and wakes the worker where it sleeps. By any thread.
    pub(crate) fn unpark(&self) {
        match self.state.swap(NOTIFIED, SeqCst) {
            IN_CONDVAR => {
                // The sleeper has the lock from its look at the state until it waits. Having had
                // the lock, this thread rings after that, not in between.
                drop(lock(&self.mutex));
                self.condvar.notify_one();
            }
            IN_DRIVER => {
                let driver = self.driver.as_ref().expect("it sleeps in it");
                (driver.alarm)();
            }
            _ => {} // awake: it will find the token
        }
    }
}

#[cfg(all(loom, test))]
#[expect(unsafe_code, reason = "a model holds schedulers and cells by pointer")]
mod models;
