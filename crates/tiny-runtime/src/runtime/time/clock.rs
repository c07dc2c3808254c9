//! The runtime's clock, which a test can stop.
//!
//! A paused clock moves in two ways. A test moves it by `time::advance`. And when nothing is ready, the
//! runtime moves it to the next expiry of the timer wheel. Hours pass at once, and every instant is
//! exact.
//!
//! Invariant: a clock never goes back.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `EVER_PAUSED`, set by `pause` and read before the lock is taken: `Relaxed` | – | nothing: only the thread that paused the clock has to see it, since its runtime has no other; the lock orders the rest |
//!
//! Tokio's counterpart: `tokio/src/time/clock.rs`.

use crate::sync::{Mutex, MutexGuard, lock};
// Named here although `crate::sync` should: loom has no atomics for a `static`.
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

pub(crate) struct Clock {
    /// False in a multi-thread runtime: the other workers would see the time jump.
    can_pause: bool,
    state: Mutex<State>,
}

struct State {
    /// The time at which it was paused or resumed last, plus what it was advanced since.
    base: Instant,
    /// The time since when it runs; `None` while it is paused.
    running: Option<Instant>,
}

/// Until a first clock is paused, all clocks show the system's time, and no lock is needed.
static EVER_PAUSED: AtomicBool = AtomicBool::new(false);

impl Clock {
    pub(crate) fn new(can_pause: bool, start_paused: bool) -> Self {
        let now = Instant::now();
        let state = State { base: now, running: Some(now) };
        let clock = Self { can_pause, state: Mutex::new(state) };
        if start_paused {
            clock.pause();
        }
        clock
    }

    #[inline]
    pub(crate) fn now(&self) -> Instant {
        if !self.can_pause || !EVER_PAUSED.load(Relaxed) {
            return Instant::now();
        }
        lock(&self.state).now()
    }

    #[track_caller]
    pub(crate) fn pause(&self) {
        assert!(self.can_pause, "`time::pause()` requires the `current_thread` runtime");
        let Some(mut state) = self.lock_if(true) else { panic!("time is already frozen") };
        EVER_PAUSED.store(true, Relaxed);
        state.base = state.now();
        state.running = None;
    }

    #[track_caller]
    pub(crate) fn resume(&self) {
        let Some(mut state) = self.lock_if(false) else { panic!("time is not frozen") };
        state.running = Some(Instant::now());
    }

    #[track_caller]
    pub(crate) fn advance(&self, by: Duration) {
        let Some(mut state) = self.lock_if(false) else { panic!("time is not frozen") };
        state.base += by;
    }

    /// None if the clock stands and should run, or the other way round. Then the lock is free again,
    /// since the caller panics: the panic hook is foreign code, and may ask for the time.
    fn lock_if(&self, running: bool) -> Option<MutexGuard<'_, State>> {
        let state = lock(&self.state);
        (state.running.is_some() == running).then_some(state)
    }

    pub(crate) fn is_paused(&self) -> bool {
        EVER_PAUSED.load(Relaxed) && lock(&self.state).running.is_none()
    }
}

impl State {
    fn now(&self) -> Instant {
        self.base + self.running.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

/// Returns whether any clock has ever been paused. Until then all of them show the time of the system.
pub(crate) fn ever_paused() -> bool {
    EVER_PAUSED.load(Relaxed)
}
