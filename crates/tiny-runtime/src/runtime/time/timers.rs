//! The timers of a runtime: a wheel of wakers behind one lock, and the clock that drives it.
//!
//! No thread is reserved for it. The worker that sleeps in the driver sleeps at most
//! [`Timers::timeout`], and then calls [`Timers::process`]. A deadline that has passed makes nothing
//! ready by itself.
//!
//! Invariants:
//! - No waker is cloned, woken or dropped under the lock: it may drop a task, and a `Sleep` in it.
//! - The worker in the driver never sleeps beyond the next expiry: a sooner deadline interrupts it.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `is_empty`, written under the lock, and read without it: `Relaxed` | – | nothing: a hint that saves a worker that yields a look at the clock. The thread that sets a timer reads its own write; any other thread polls the driver before it sleeps |
//!
//! Tokio's counterpart: `tokio/src/runtime/time/{mod,source,entry}.rs`. There a timer is polled
//! without the lock, which an atomic state allows; and the driver is interrupted also while it is
//! awake, at the price of a system call.

use super::clock::Clock;
use super::number::Number;
use super::wheel::{Key, Wheel};
use crate::foreign::ForeignWaker;
use crate::runtime::task::wake_all;
use crate::sync::atomic::{AtomicBool, Ordering::Relaxed};
use crate::sync::{Mutex, MutexGuard, lock};
use std::task::Waker;
use std::time::{Duration, Instant};
use std::{iter, mem};

#[cfg(all(test, not(loom)))]
mod tests;

/// The number of timers that fire each time the lock is held.
const BATCH: usize = 32;

pub(crate) struct Timers {
    number: Number,
    clock: Clock,
    /// Millisecond 0 of the wheel.
    start: Instant,
    state: Mutex<State>,
    /// Written under the lock.
    is_empty: AtomicBool,
    /// Wakes the thread that sleeps in the driver.
    interrupt: Box<dyn Fn() + Send + Sync>,
}

struct State {
    wheel: Wheel<ForeignWaker>,
    /// The expiry for which the thread in the driver waits, or `AWAKE`: it will look before it sleeps.
    wakes_at: u64,
    is_shut_down: bool,
}

/// There are no timers any more: their runtime has ended.
#[derive(Debug)]
pub(crate) struct Ended;

/// Before any deadline.
const AWAKE: u64 = 0;

/// For the driver.
impl Timers {
    pub(crate) fn new(clock: Clock, interrupt: Box<dyn Fn() + Send + Sync>) -> Self {
        let state = State { wheel: Wheel::new(), wakes_at: AWAKE, is_shut_down: false };
        let (start, is_empty) = (clock.now(), AtomicBool::new(true));
        Self { number: Number::next(), start, clock, state: Mutex::new(state), is_empty, interrupt }
    }

    pub(crate) fn number(&self) -> Number {
        self.number
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Returns how long the driver may sleep. Zero if something is due. `None` if there is no timer, or
    /// if the clock is paused, so that only [`Self::auto_advance`] brings the next one: then the driver
    /// sleeps until it is interrupted.
    ///
    /// The caller goes to sleep. From now on until `process`, a sooner deadline interrupts it.
    pub(crate) fn timeout(&self) -> Option<Duration> {
        let expiry = {
            let mut state = lock(&self.state);
            let expiry = state.wheel.next_expiry();
            state.wakes_at = expiry.unwrap_or(u64::MAX);
            expiry?
        };
        let ahead = self.until(expiry);
        (ahead.is_zero() || !self.is_paused()).then_some(ahead)
    }

    /// Returns whether no timer waits. May return false until the next [`Self::process`].
    pub(crate) fn is_empty(&self) -> bool {
        self.is_empty.load(Relaxed)
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.clock.is_paused()
    }

    /// Moves a paused clock to the next expiry of the wheel. Returns false if there is none, or if the
    /// clock runs. The caller knows that nothing is ready, and that no closure runs that could change
    /// that.
    pub(crate) fn auto_advance(&self) -> bool {
        if !self.is_paused() {
            return false;
        }
        let expiry = lock(&self.state).wheel.next_expiry();
        expiry.map(|expiry| self.clock.advance(self.until(expiry))).is_some()
    }

    /// Makes the thread that sleeps in the driver re-read the clock, because another thread has moved it.
    pub(crate) fn clock_moved(&self) {
        let before = mem::replace(&mut lock(&self.state).wakes_at, AWAKE);
        if before != AWAKE {
            (self.interrupt)();
        }
    }

    /// Wakes the tasks whose timers are due.
    pub(crate) fn process(&self) {
        self.fire(self.tick(self.clock.now()));
    }

    /// Wakes all tasks. From now on there are no timers.
    pub(crate) fn shutdown(&self) {
        {
            let mut state = lock(&self.state);
            state.is_shut_down = true;
            state.wheel.expire_all();
        }
        self.fire(u64::MAX);
    }

    fn fire(&self, now: u64) {
        let mut batch = [const { None }; BATCH];
        let mut is_full = true;
        while is_full {
            let mut state = lock(&self.state);
            state.wakes_at = AWAKE;
            let due = iter::from_fn(|| state.wheel.poll(now));
            let count =
                batch.iter_mut().zip(due).map(|(place, waker)| *place = Some(waker)).count();
            self.is_empty.store(state.wheel.next_expiry().is_none(), Relaxed);
            drop(state);
            is_full = count == BATCH;
            wake_all(batch[..count].iter_mut().filter_map(Option::take));
        }
    }

    /// Returns the time from now until `expiry`, in whole milliseconds: up to one more than needed.
    fn until(&self, expiry: u64) -> Duration {
        Duration::from_millis(expiry.saturating_sub(self.tick(self.clock.now())))
    }

    /// Rounded down: a timer must not fire early.
    fn tick(&self, now: Instant) -> u64 {
        millis(now - self.start)
    }

    /// Rounded up, for the same reason.
    fn tick_of_deadline(&self, deadline: Instant) -> u64 {
        millis((deadline - self.start).saturating_add(Duration::from_nanos(999_999)))
    }
}

/// For a `Sleep`.
impl Timers {
    /// Starts a timer. `None` if it is due at once.
    pub(crate) fn register(&self, deadline: Instant, waker: &Waker) -> Result<Option<Key>, Ended> {
        let (when, waker) = (self.tick_of_deadline(deadline), ForeignWaker::clone_of(waker));
        Ok(self.insert(self.lock_running()?, when, waker).ok())
    }

    /// Takes the key if the timer has fired. If not, stores the waker, which is woken when it fires.
    pub(crate) fn poll(&self, key: &mut Option<Key>, waker: &Waker) -> Result<(), Ended> {
        if self.with_waker(key, |old| old.will_wake(waker))? == Some(false) {
            let mut other = ForeignWaker::clone_of(waker);
            self.with_waker(key, |old| mem::swap(old, &mut other))?;
        }
        Ok(())
    }

    fn with_waker<T>(
        &self,
        key: &mut Option<Key>,
        act: impl FnOnce(&mut ForeignWaker) -> T,
    ) -> Result<Option<T>, Ended> {
        let mut state = self.lock_running()?;
        let waits = key.as_ref().and_then(|key| state.wheel.get_mut(key)).map(act);
        if waits.is_none() {
            key.take().map(|key| state.wheel.remove(key));
        }
        Ok(waits)
    }

    fn lock_running(&self) -> Result<MutexGuard<'_, State>, Ended> {
        let state = lock(&self.state);
        if state.is_shut_down { Err(Ended) } else { Ok(state) }
    }

    /// Moves a timer, with its waker. If the new deadline has passed, wakes it and returns `None`. A timer
    /// that has fired, or was never started, starts without a task to wake.
    pub(crate) fn reset(&self, key: Option<Key>, deadline: Instant) -> Option<Key> {
        let when = self.tick_of_deadline(deadline);
        let mut state = lock(&self.state);
        if key.as_ref().is_some_and(|key| state.wheel.put_off(key, when)) {
            return key;
        }
        let waker = key.and_then(|key| state.wheel.remove(key));
        let waker = waker.unwrap_or_else(ForeignWaker::noop);
        self.insert(state, when, waker).map_err(ForeignWaker::wake).ok()
    }

    /// Ends a timer. Returns its waker, which the caller drops after the lock is free.
    pub(crate) fn cancel(&self, key: Key) -> Option<ForeignWaker> {
        lock(&self.state).wheel.remove(key)
    }

    pub(crate) fn has_fired(&self, key: &Key) -> bool {
        lock(&self.state).wheel.get_mut(key).is_none()
    }

    fn insert(
        &self,
        mut state: MutexGuard<'_, State>,
        when: u64,
        waker: ForeignWaker,
    ) -> Result<Key, ForeignWaker> {
        let key = state.wheel.insert(when, waker)?;
        if self.is_empty() {
            self.is_empty.store(false, Relaxed);
        }
        if when < state.wakes_at {
            state.wakes_at = when;
            drop(state);
            (self.interrupt)();
        }
        Ok(key)
    }
}

fn millis(duration: Duration) -> u64 {
    duration.as_millis().try_into().unwrap_or(u64::MAX)
}
