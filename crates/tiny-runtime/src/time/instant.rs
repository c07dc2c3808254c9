//! [`Instant`], read from the clock of the current runtime.
//!
//! Tokio's counterpart: `tokio/src/time/instant.rs`.

use crate::runtime::context;
use crate::runtime::time::clock;
use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::time::{Duration, Instant as Std};

/// A point in time, to the nanosecond: by the runtime's clock or, outside of a runtime, the system's.
///
/// ```
/// use tiny_runtime::time::{Duration, Instant};
///
/// let start = Instant::now();
/// let deadline = start + Duration::from_millis(50);
/// assert_eq!(deadline - start, Duration::from_millis(50));
/// assert_eq!(start - deadline, Duration::ZERO); // it never panics
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Std);

impl Instant {
    /// Returns the present, by the clock of the thread's current runtime.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant};
    /// let start = Instant::now();
    /// assert!(Instant::now() >= start);
    /// ```
    pub fn now() -> Self {
        if !clock::ever_paused() {
            return Self(Std::now());
        }
        match context::try_current() {
            Some(runtime) => Self(runtime.timers.clock().now()),
            None => Self(Std::now()),
        }
    }

    /// Converts from std, to the same point in time.
    ///
    /// ```
    /// use tiny_runtime::time::Instant;
    /// let now = std::time::Instant::now();
    /// assert_eq!(Instant::from_std(now).into_std(), now);
    /// ```
    pub fn from_std(std: Std) -> Self {
        Self(std)
    }

    /// Converts to std, to the same point in time.
    ///
    /// ```
    /// use tiny_runtime::time::Instant;
    /// let now = Instant::now();
    /// assert_eq!(Instant::from_std(now.into_std()), now);
    /// ```
    pub fn into_std(self) -> Std {
        self.0
    }

    /// Returns the time since `earlier`, or zero if `earlier` is later.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant};
    /// let start = Instant::now();
    /// let end = start + Duration::from_secs(1);
    /// assert_eq!(end.duration_since(start), Duration::from_secs(1));
    /// assert_eq!(start.duration_since(end), Duration::ZERO);
    /// ```
    pub fn duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }

    /// Returns the time since `earlier`, or `None` if `earlier` is later.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant};
    /// let start = Instant::now();
    /// let end = start + Duration::from_secs(1);
    /// assert_eq!(end.checked_duration_since(start), Some(Duration::from_secs(1)));
    /// assert_eq!(start.checked_duration_since(end), None);
    /// ```
    pub fn checked_duration_since(&self, earlier: Self) -> Option<Duration> {
        self.0.checked_duration_since(earlier.0)
    }

    /// As [`duration_since`](Self::duration_since).
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant};
    /// let start = Instant::now();
    /// let end = start + Duration::from_secs(1);
    /// assert_eq!(start.saturating_duration_since(end), Duration::ZERO);
    /// ```
    pub fn saturating_duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }

    /// Returns the time since this instant, by the clock of the thread's current runtime.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant, sleep};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let start = Instant::now();
    /// sleep(Duration::from_secs(1)).await;
    /// assert_eq!(start.elapsed(), Duration::from_secs(1));
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn elapsed(&self) -> Duration {
        Self::now().duration_since(*self)
    }

    /// Returns the instant `duration` later, or `None` if it cannot be represented.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant};
    /// let now = Instant::now();
    /// assert_eq!(now.checked_add(Duration::from_secs(1)), Some(now + Duration::from_secs(1)));
    /// assert_eq!(now.checked_add(Duration::MAX), None);
    /// ```
    pub fn checked_add(&self, duration: Duration) -> Option<Self> {
        self.0.checked_add(duration).map(Self)
    }

    /// Returns the instant `duration` earlier, or `None` if it cannot be represented.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant};
    /// let now = Instant::now();
    /// assert_eq!((now + Duration::from_secs(1)).checked_sub(Duration::from_secs(1)), Some(now));
    /// assert_eq!(now.checked_sub(Duration::MAX), None);
    /// ```
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
