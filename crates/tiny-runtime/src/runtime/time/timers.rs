//! The timers of a runtime: a wheel of wakers behind one lock, and the clock that turns it.
//!
//! There is no thread for it. Who sleeps in the driver sleeps no longer than [`Timers::timeout`],
//! then calls [`Timers::process`]. A deadline alone makes nothing ready.
//!
//! Invariants:
//! - no waker is cloned, woken or dropped under the lock: it may drop a task, and a `Sleep` in it;
//! - who sleeps in the driver is never later than the next turn: a sooner deadline interrupts.
//!
//! Tokio's counterpart: `tokio/src/runtime/time/{mod,source,entry}.rs`. There a timer is polled
//! without the lock, which an atomic state allows; and the driver is interrupted also while it is
//! awake, at the price of a system call.

use super::clock::Clock;
use super::wheel::{Key, Wheel};
use crate::foreign::wake_all;
use crate::sync::atomic::{AtomicBool, Ordering::Relaxed};
use crate::sync::{Mutex, MutexGuard, lock};
use std::task::Waker;
use std::time::{Duration, Instant};
use std::{fmt, iter, mem};

#[cfg(all(test, not(loom)))]
mod tests;

/// So many are woken between two holds of the lock.
const BATCH: usize = 32;

pub(crate) struct Timers {
    clock: Clock,
    /// Where the milliseconds of the wheel begin.
    start: Instant,
    state: Mutex<State>,
    /// Written under the lock.
    is_empty: AtomicBool,
    /// Lets the thread that sleeps in the driver return.
    interrupt: Box<dyn Fn() + Send + Sync>,
}

struct State {
    wheel: Wheel<Waker>,
    /// What the thread in the driver waits for, or `AWAKE`: it will look before it sleeps.
    wakes_at: u64,
    is_shut_down: bool,
}

/// Before any deadline.
const AWAKE: u64 = 0;

/// What the driver calls.
impl Timers {
    pub(crate) fn new(clock: Clock, interrupt: Box<dyn Fn() + Send + Sync>) -> Self {
        let state = State { wheel: Wheel::new(), wakes_at: AWAKE, is_shut_down: false };
        let (start, is_empty) = (clock.now(), AtomicBool::new(true));
        Self { start, clock, state: Mutex::new(state), is_empty, interrupt }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How long the driver may sleep. Zero: something is due. `None`: until it is interrupted, since
    /// there is no timer, or the clock stands and only [`Self::auto_advance`] brings the next one.
    ///
    /// The caller goes to sleep, so from now until `process`, a sooner deadline interrupts.
    pub(crate) fn timeout(&self) -> Option<Duration> {
        let turn = {
            let mut state = lock(&self.state);
            let turn = state.wheel.next_expiry();
            state.wakes_at = turn.unwrap_or(u64::MAX);
            turn?
        };
        let ahead = self.until(turn);
        (ahead.is_zero() || !self.is_paused()).then_some(ahead)
    }

    /// Whether no timer waits. May say "no" until the next [`Self::process`] has looked.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_empty.load(Relaxed)
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.clock.is_paused()
    }

    /// If the clock stands, moves it to the next turn of the wheel. To be called when nothing is
    /// ready, and nothing under way that could be. False if there is no such turn, or the clock runs.
    pub(crate) fn auto_advance(&self) -> bool {
        if !self.is_paused() {
            return false;
        }
        let turn = lock(&self.state).wheel.next_expiry();
        turn.map(|turn| self.clock.advance(self.until(turn))).is_some()
    }

    /// Has who sleeps in the driver look at the clock again: another thread has moved it.
    pub(crate) fn clock_moved(&self) {
        let before = mem::replace(&mut lock(&self.state).wakes_at, AWAKE);
        if before != AWAKE {
            (self.interrupt)();
        }
    }

    /// Wakes what is due.
    pub(crate) fn process(&self) {
        self.fire(self.tick(self.clock.now()));
    }

    /// Wakes all. A timer that is polled after this panics.
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

    /// In whole milliseconds, as the deadlines are: up to one more than need be.
    fn until(&self, turn: u64) -> Duration {
        Duration::from_millis(turn.saturating_sub(self.tick(self.clock.now())))
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

/// What a `Sleep` calls.
impl Timers {
    /// Starts a timer. `None` if it is due at once.
    pub(crate) fn register(&self, deadline: Instant, waker: Waker) -> Option<Key> {
        let state = lock(&self.state);
        state.assert_running();
        self.insert(state, deadline, waker).ok()
    }

    /// Takes the key if the timer has fired. Else this waker will be woken.
    pub(crate) fn poll(&self, key: &mut Option<Key>, waker: &Waker) {
        if self.with_waker(key, |old| old.will_wake(waker)) == Some(false) {
            let mut other = waker.clone();
            self.with_waker(key, |old| mem::swap(old, &mut other));
        }
    }

    fn with_waker<T>(&self, key: &mut Option<Key>, act: impl FnOnce(&mut Waker) -> T) -> Option<T> {
        let mut state = lock(&self.state);
        state.assert_running();
        let waits = key.as_ref().and_then(|key| state.wheel.get_mut(key)).map(act);
        if waits.is_none() {
            key.take().map(|key| state.wheel.remove(key));
        }
        waits
    }

    /// Moves a timer, with its waker, which is woken if the new deadline has passed: then `None`.
    /// One that has fired, or was none, starts with nobody to wake.
    pub(crate) fn reset(&self, key: Option<Key>, deadline: Instant) -> Option<Key> {
        let mut state = lock(&self.state);
        let waker = key.and_then(|key| state.wheel.remove(key));
        let waker = waker.unwrap_or_else(|| Waker::noop().clone());
        self.insert(state, deadline, waker).map_err(Waker::wake).ok()
    }

    /// The waker is the caller's to drop, since here the lock is held.
    pub(crate) fn cancel(&self, key: Key) -> Option<Waker> {
        lock(&self.state).wheel.remove(key)
    }

    pub(crate) fn has_fired(&self, key: &Key) -> bool {
        lock(&self.state).wheel.get_mut(key).is_none()
    }

    fn insert(
        &self,
        mut state: MutexGuard<'_, State>,
        deadline: Instant,
        waker: Waker,
    ) -> Result<Key, Waker> {
        let when = self.tick_of_deadline(deadline);
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

impl State {
    #[track_caller]
    fn assert_running(&self) {
        assert!(!self.is_shut_down, "the runtime of this timer has been shut down");
    }
}

fn millis(duration: Duration) -> u64 {
    duration.as_millis().try_into().unwrap_or(u64::MAX)
}

impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timers").finish_non_exhaustive()
    }
}
