//! Do something every so often: without drift, without bursts, and without being cut in the middle.
//!
//! A loop that sleeps after its work drifts by the time of the work. `tokio::time::interval` does
//! not, but after a stall it catches up at once on everything that it missed: twelve heartbeats in no
//! time. Here the runs keep to the multiples of the period, those that were missed are skipped and
//! counted, and no run begins before the one before it has ended.
//!
//! It is `Interval` with `MissedTickBehavior::Skip` and a `CancellationToken`. `Delay` would keep a
//! whole period between two runs instead, and drift. Below 5 ms, `Interval` takes late for in time.
//!
//! ```
//! # use service::periodic::periodic;
//! use std::time::Duration;
//! use tokio::time::{Instant, sleep};
//! use tokio_util::sync::CancellationToken;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let (stop, start) = (CancellationToken::new(), Instant::now());
//! let mut runs = Vec::new();
//! periodic(Duration::from_secs(5), &stop, |tick| {
//!     runs.push((start.elapsed().as_secs(), tick.missed));
//!     let stall = if runs.len() == 2 { 12 } else { 0 }; // from 5 s to 17 s
//!     if runs.len() == 4 {
//!         stop.cancel();
//!     }
//!     sleep(Duration::from_secs(stall))
//! })
//! .await;
//! // The one of 10 s comes late, at 17 s; that of 15 s is skipped.
//! assert_eq!(runs, [(0, 0), (5, 0), (17, 0), (20, 1)]);
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::future::Future;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

/// The moment for which a run is due, and how many were missed before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// When the run was due. Its delay is `scheduled.elapsed()`.
    pub scheduled: Instant,
    /// How many runs were skipped between the one before and this one.
    pub missed: u64,
}

/// Runs `job` now and then at each multiple of `period` from now, until `stop` is cancelled.
///
/// A run that is due while another one lasts begins as soon as that has ended; of several, one.
/// `stop` lets the run that has begun end, and wakes the loop at once when it waits.
///
/// # Cancel safety
///
/// Dropped, it drops the job at its current `.await`: to let it end, cancel `stop` instead.
///
/// # Panics
///
/// If `period` is zero; outside a Tokio runtime with time enabled; and if `job` panics, which ends
/// the loop. To go on after a panic, supervise the loop.
pub async fn periodic<F, Fut>(period: Duration, stop: &CancellationToken, job: F)
where
    F: FnMut(Tick) -> Fut,
    Fut: Future<Output = ()>,
{
    periodic_from(Instant::now(), period, stop, job).await;
}

/// As [`periodic`], with the first run at `first`: to wait one period, or to spread many loops.
///
/// # Cancel safety
///
/// As [`periodic`].
///
/// # Panics
///
/// As [`periodic`].
pub async fn periodic_from<F, Fut>(
    first: Instant,
    period: Duration,
    stop: &CancellationToken,
    mut job: F,
) where
    F: FnMut(Tick) -> Fut,
    Fut: Future<Output = ()>,
{
    let mut interval = interval_at(first, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut previous: Option<Instant> = None;
    while let Some(scheduled) = stop.run_until_cancelled(interval.tick()).await {
        // When both come at the same moment, the tick wins.
        if stop.is_cancelled() {
            return;
        }
        let periods = previous.map_or(1, |previous| periods(scheduled - previous, period));
        previous = Some(scheduled);
        job(Tick { scheduled, missed: periods.saturating_sub(1) }).await;
    }
}

/// Returns the whole number of periods that is nearest.
fn periods(time: Duration, period: Duration) -> u64 {
    let periods = (time.as_nanos() + period.as_nanos() / 2) / period.as_nanos();
    u64::try_from(periods).unwrap_or(u64::MAX)
}
