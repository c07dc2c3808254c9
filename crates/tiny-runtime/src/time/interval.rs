//! [`interval`]: a [`Sleep`] that is set again at each tick, from the deadline that it had.
//!
//! From the deadline, and not from now, so that the time a tick takes does not add up. A caller that
//! comes more than 5 ms late has missed ticks; [`MissedTickBehavior`] says what becomes of them.
//!
//! Tokio's counterpart: `tokio/src/time/interval.rs`.

use crate::time::Instant;
use crate::time::sleep::{FAR_FUTURE, Sleep, sleep_until};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// A caller that is no later than this, which is the scheduler's delay, has missed nothing.
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

/// What becomes of missed ticks.
///
/// ```
/// use tiny_runtime::time::{Duration, Instant, MissedTickBehavior, advance, interval};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let mut heartbeat = interval(Duration::from_secs(5));
/// heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
/// heartbeat.tick().await;
/// advance(Duration::from_secs(60)).await; // as after a stall
/// heartbeat.tick().await; // one tick, and not twelve
/// let late = Instant::now();
/// heartbeat.tick().await;
/// assert_eq!(late.elapsed(), Duration::from_secs(5));
/// # });
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissedTickBehavior {
    /// They come at once, one after the other, until all have come.
    #[default]
    Burst,
    /// They are lost, and the next tick comes one period after the late one.
    Delay,
    /// They are lost, and the next tick comes when it would have come without the delay.
    Skip,
}

impl MissedTickBehavior {
    fn next(self, missed: Instant, now: Instant, period: Duration) -> Instant {
        match self {
            Self::Burst => missed + period,
            Self::Delay => now + period,
            Self::Skip => {
                let nanos = (now - missed).as_nanos() % period.as_nanos();
                let (seconds, nanos) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
                now + period - Duration::new(seconds as u64, nanos as u32)
            }
        }
    }
}

/// The ticks that [`interval`] and [`interval_at`] make.
#[derive(Debug)]
pub struct Interval {
    delay: Sleep,
    period: Duration,
    missed_tick_behavior: MissedTickBehavior,
}

impl Interval {
    /// Waits for the next tick and returns the instant for which it was due.
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped before it is ready has taken no tick.
    pub async fn tick(&mut self) -> Instant {
        poll_fn(|context| self.poll_tick(context)).await
    }

    /// As [`tick`](Self::tick).
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
    pub fn reset(&mut self) {
        self.reset_at(Instant::now() + self.period);
    }

    /// Sets the next tick to now.
    pub fn reset_immediately(&mut self) {
        self.reset_at(Instant::now());
    }

    /// Sets the next tick to `after` from now.
    pub fn reset_after(&mut self, after: Duration) {
        self.reset_at(Instant::now() + after.min(FAR_FUTURE));
    }

    /// Sets the next tick to `deadline`.
    pub fn reset_at(&mut self, deadline: Instant) {
        Pin::new(&mut self.delay).reset(deadline);
    }

    /// Returns the time between two ticks.
    pub fn period(&self) -> Duration {
        self.period
    }

    /// Returns what becomes of missed ticks. `Burst` if not set.
    pub fn missed_tick_behavior(&self) -> MissedTickBehavior {
        self.missed_tick_behavior
    }

    /// Sets what becomes of missed ticks, from the next tick on.
    pub fn set_missed_tick_behavior(&mut self, behavior: MissedTickBehavior) {
        self.missed_tick_behavior = behavior;
    }
}
