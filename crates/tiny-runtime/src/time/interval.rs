//! [`interval`]: a [`Sleep`] that is set again at each tick, from the deadline that it had.
//!
//! It starts from the deadline and not from now, so that the time a tick takes does not add up. A caller
//! that comes more than 5 ms late has missed ticks.
//!
//! Tokio's counterpart: `tokio/src/time/interval.rs`.

use super::missed::MissedTickBehavior;
use crate::time::Instant;
use crate::time::sleep::{FAR_FUTURE, Sleep, sleep_until};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// A caller that is later than this has missed ticks. A smaller delay is the scheduler's.
const TOLERANCE: Duration = Duration::from_millis(5);

/// Ticks at once, and then every `period`.
///
/// ```
/// use tiny_runtime::time::{Duration, Instant, interval};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let start = Instant::now();
/// let mut heartbeat = interval(Duration::from_secs(5));
/// heartbeat.tick().await; // at once
/// heartbeat.tick().await;
/// assert_eq!(start.elapsed(), Duration::from_secs(5));
/// # });
/// # std::io::Result::Ok(())
/// ```
///
/// # Panics
///
/// If the period is zero, or outside a runtime.
#[track_caller]
pub fn interval(period: Duration) -> Interval {
    interval_at(Instant::now(), period)
}

/// Ticks at `start`, and then every `period`.
///
/// ```
/// use tiny_runtime::time::{Duration, Instant, interval_at};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let start = Instant::now() + Duration::from_secs(60);
/// let mut report = interval_at(start, Duration::from_secs(5));
/// assert_eq!(report.tick().await, start);
/// assert_eq!(report.tick().await, start + Duration::from_secs(5));
/// # });
/// # std::io::Result::Ok(())
/// ```
///
/// # Panics
///
/// If the period is zero, or outside a runtime.
#[track_caller]
pub fn interval_at(start: Instant, period: Duration) -> Interval {
    assert!(period > Duration::ZERO, "`period` must be non-zero.");
    let missed_tick_behavior = MissedTickBehavior::default();
    Interval { delay: sleep_until(start), period: period.min(FAR_FUTURE), missed_tick_behavior }
}

/// The ticks that [`interval`] and [`interval_at`] make.
///
/// ```
/// use tiny_runtime::time::{Duration, Instant, Interval, interval};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let mut heartbeat: Interval = interval(Duration::from_secs(5));
/// let first = heartbeat.tick().await;
/// assert_eq!(heartbeat.tick().await - first, Duration::from_secs(5));
/// # });
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct Interval {
    delay: Sleep,
    period: Duration,
    missed_tick_behavior: MissedTickBehavior,
}

impl Interval {
    /// Waits for the next tick, and returns the instant at which it was due.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant, interval};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let mut heartbeat = interval(Duration::from_secs(5));
    /// let first = heartbeat.tick().await; // at once
    /// assert_eq!(heartbeat.tick().await - first, Duration::from_secs(5));
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped before it is ready has taken no tick.
    pub async fn tick(&mut self) -> Instant {
        poll_fn(|context| self.poll_tick(context)).await
    }

    /// As [`tick`](Self::tick), for futures written by hand.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// use tiny_runtime::time::{Duration, Instant, interval};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let mut heartbeat = interval(Duration::from_secs(5));
    /// assert_eq!(poll_fn(|cx| heartbeat.poll_tick(cx)).await, Instant::now());
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn poll_tick(&mut self, context: &mut Context<'_>) -> Poll<Instant> {
        ready!(Pin::new(&mut self.delay).poll(context));
        let due = self.delay.deadline();
        let now = Instant::now();
        let next = if now > due + TOLERANCE {
            self.missed_tick_behavior.next(due, now, self.period)
        } else {
            due + self.period
        };
        self.delay.set(next, now);
        Poll::Ready(due)
    }

    /// Sets the next tick to one period from now.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant, interval};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let start = Instant::now();
    /// let mut heartbeat = interval(Duration::from_secs(5));
    /// heartbeat.reset();
    /// assert_eq!(heartbeat.tick().await, Instant::now());
    /// assert_eq!(start.elapsed(), Duration::from_secs(5));
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn reset(&mut self) {
        self.reset_at(Instant::now() + self.period);
    }

    /// Sets the next tick to now.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant, interval};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let mut heartbeat = interval(Duration::from_secs(5));
    /// heartbeat.tick().await;
    /// heartbeat.reset_immediately();
    /// assert_eq!(heartbeat.tick().await, Instant::now()); // and not in five seconds
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn reset_immediately(&mut self) {
        self.reset_at(Instant::now());
    }

    /// Sets the next tick to `after` from now.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant, interval};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let mut heartbeat = interval(Duration::from_secs(5));
    /// let start = Instant::now();
    /// heartbeat.reset_after(Duration::from_secs(1));
    /// assert_eq!(heartbeat.tick().await, start + Duration::from_secs(1));
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn reset_after(&mut self, after: Duration) {
        self.reset_at(Instant::now() + after.min(FAR_FUTURE));
    }

    /// Sets the next tick to `deadline`.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant, interval};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let mut heartbeat = interval(Duration::from_secs(5));
    /// let soon = Instant::now() + Duration::from_secs(1);
    /// heartbeat.reset_at(soon);
    /// assert_eq!(heartbeat.tick().await, soon);
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn reset_at(&mut self, deadline: Instant) {
        Pin::new(&mut self.delay).reset(deadline);
    }

    /// Returns the time between two ticks.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant, interval};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let mut heartbeat = interval(Duration::from_secs(5));
    /// assert_eq!(heartbeat.period(), Duration::from_secs(5));
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn period(&self) -> Duration {
        self.period
    }

    /// Returns the way to treat missed ticks. The default is `Burst`.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, MissedTickBehavior, interval};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let mut heartbeat = interval(Duration::from_secs(5));
    /// assert_eq!(heartbeat.missed_tick_behavior(), MissedTickBehavior::Burst);
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn missed_tick_behavior(&self) -> MissedTickBehavior {
        self.missed_tick_behavior
    }

    /// Sets the way to treat missed ticks, from the next tick on.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, MissedTickBehavior, interval};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let mut heartbeat = interval(Duration::from_secs(5));
    /// heartbeat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    /// assert_eq!(heartbeat.missed_tick_behavior(), MissedTickBehavior::Skip);
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn set_missed_tick_behavior(&mut self, behavior: MissedTickBehavior) {
        self.missed_tick_behavior = behavior;
    }
}
