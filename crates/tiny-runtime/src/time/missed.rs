//! The way an interval treats ticks that nobody has taken in time.
//!
//! Tokio's counterpart: `tokio/src/time/interval.rs`.

use crate::time::Instant;
use std::time::Duration;

/// The way to treat missed ticks.
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
    pub(super) fn next(self, missed: Instant, now: Instant, period: Duration) -> Instant {
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
