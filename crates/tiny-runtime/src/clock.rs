//! The runtime's clock, which a test can stop, and [`Instant`], which is read from it.
//!
//! A clock that stands is moved by [`advance`], and by the runtime when nothing is ready: it jumps
//! to the next turn of the timer wheel. Hours pass at once, and every instant is exact.
//!
//! Invariant: a clock never goes back.
//!
//! Tokio's counterpart: `tokio/src/time/{clock,instant}.rs`.

use crate::context;
use crate::sync::{Mutex, lock};
use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};
// Named here although `crate::sync` should: loom has no atomics for a `static`.
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant as Std};

pub(crate) struct Clock {
    /// Other workers would see the time jump under them: a multi-thread runtime cannot stop it.
    can_pause: bool,
    state: Mutex<State>,
}

struct State {
    /// The time when it was stopped or started last, or advanced since.
    base: Std,
    /// Running since then; `None` while it stands.
    running: Option<Std>,
}

/// Until a first clock is stopped all of them show the time of the system, and no lock is needed.
/// Relaxed, since only who stopped the clock must see it: the thread of its runtime.
static EVER_PAUSED: AtomicBool = AtomicBool::new(false);

impl Clock {
    pub(crate) fn new(can_pause: bool, start_paused: bool) -> Self {
        let now = Std::now();
        let state = State { base: now, running: Some(now) };
        let clock = Self { can_pause, state: Mutex::new(state) };
        if start_paused {
            clock.pause();
        }
        clock
    }

    pub(crate) fn now(&self) -> Instant {
        if !self.can_pause || !EVER_PAUSED.load(Relaxed) {
            return Instant(Std::now());
        }
        Instant(lock(&self.state).now())
    }

    #[track_caller]
    fn pause(&self) {
        assert!(self.can_pause, "`time::pause()` requires the `current_thread` runtime");
        let mut state = lock(&self.state);
        assert!(state.running.is_some(), "time is already frozen");
        EVER_PAUSED.store(true, Relaxed);
        state.base = state.now();
        state.running = None;
    }

    #[track_caller]
    fn resume(&self) {
        let mut state = lock(&self.state);
        assert!(state.running.is_none(), "time is not frozen");
        state.running = Some(Std::now());
    }

    #[track_caller]
    pub(crate) fn advance(&self, by: Duration) {
        let mut state = lock(&self.state);
        assert!(state.running.is_none(), "time is not frozen");
        state.base += by;
    }

    pub(crate) fn is_paused(&self) -> bool {
        EVER_PAUSED.load(Relaxed) && lock(&self.state).running.is_none()
    }
}

impl State {
    fn now(&self) -> Std {
        self.base + self.running.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

/// Stops the clock of this runtime: from now on, it moves by [`advance`], or when nothing is ready.
///
/// # Panics
///
/// If the clock stands already, outside a runtime, or in one that is not of the current-thread
/// flavor.
#[track_caller]
pub fn pause() {
    context::timers().clock().pause();
}

/// Lets the clock of this runtime run on, from where it stands.
///
/// # Panics
///
/// If the clock runs, or outside a runtime.
#[track_caller]
pub fn resume() {
    let timers = context::timers();
    timers.clock().resume();
    timers.clock_moved();
}

/// Moves a clock that stands, and yields once. What is due by then is woken, not yet polled.
///
/// # Panics
///
/// If the clock runs, or outside a runtime.
pub async fn advance(duration: Duration) {
    let timers = context::timers();
    timers.clock().advance(duration);
    timers.clock_moved();
    crate::task::yield_now().await;
}

/// A point in time, to the nanosecond: that of the runtime's clock, or the system's outside one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Std);

impl Instant {
    /// Now, by the clock of the thread's current runtime.
    pub fn now() -> Self {
        if !EVER_PAUSED.load(Relaxed) {
            return Self(Std::now());
        }
        match context::try_current() {
            Some(runtime) => runtime.timers.clock().now(),
            None => Self(Std::now()),
        }
    }

    /// The same point in time.
    pub fn from_std(std: Std) -> Self {
        Self(std)
    }

    /// The same point in time.
    pub fn into_std(self) -> Std {
        self.0
    }

    /// Zero if `earlier` is later.
    pub fn duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }

    /// None if `earlier` is later.
    pub fn checked_duration_since(&self, earlier: Self) -> Option<Duration> {
        self.0.checked_duration_since(earlier.0)
    }

    /// Zero if `earlier` is later.
    pub fn saturating_duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }

    /// The time since then, by the clock of the thread's current runtime.
    pub fn elapsed(&self) -> Duration {
        Self::now().duration_since(*self)
    }

    /// None if it cannot be represented.
    pub fn checked_add(&self, duration: Duration) -> Option<Self> {
        self.0.checked_add(duration).map(Self)
    }

    /// None if it cannot be represented.
    pub fn checked_sub(&self, duration: Duration) -> Option<Self> {
        self.0.checked_sub(duration).map(Self)
    }
}

impl From<Std> for Instant {
    fn from(std: Std) -> Self {
        Self(std)
    }
}

impl From<Instant> for Std {
    fn from(instant: Instant) -> Self {
        instant.0
    }
}

impl Add<Duration> for Instant {
    type Output = Self;
    fn add(self, other: Duration) -> Self {
        Self(self.0 + other)
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, other: Duration) {
        self.0 += other;
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;
    fn sub(self, other: Duration) -> Self {
        Self(self.0 - other)
    }
}

impl SubAssign<Duration> for Instant {
    fn sub_assign(&mut self, other: Duration) {
        self.0 -= other;
    }
}

/// Zero if `other` is later.
impl Sub for Instant {
    type Output = Duration;
    fn sub(self, other: Self) -> Duration {
        self.duration_since(other)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
