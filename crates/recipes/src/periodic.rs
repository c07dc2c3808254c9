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
//! # use recipes::periodic::periodic;
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

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::time::{advance, sleep, timeout};

    const SECOND: Duration = Duration::from_secs(1);

    /// The seconds at which the first `count` runs begin, and what each missed, if each takes so long.
    async fn runs<const N: usize>(period: u64, durations: [u64; N]) -> Vec<(u64, u64)> {
        let (start, stop) = (Instant::now(), CancellationToken::new());
        let mut runs = Vec::new();
        periodic(Duration::from_secs(period), &stop, |tick| {
            assert_eq!((tick.scheduled - start).as_secs() % period, 0, "it keeps to its phase");
            runs.push((start.elapsed().as_secs(), tick.missed));
            if runs.len() == N {
                stop.cancel();
            }
            sleep(Duration::from_secs(durations[runs.len() - 1]))
        })
        .await;
        runs
    }

    #[tokio::test(start_paused = true)]
    async fn work_does_not_make_it_drift() {
        assert_eq!(runs(5, [1, 4, 2, 3]).await, [(0, 0), (5, 0), (10, 0), (15, 0)]);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_stall_of_a_minute_there_is_one_run_and_no_burst() {
        assert_eq!(runs(5, [0, 61, 0, 0]).await, [(0, 0), (5, 0), (66, 0), (70, 11)]);
    }

    #[tokio::test(start_paused = true)]
    async fn stop_ends_a_wait_at_once_and_lets_a_run_end() {
        let stop = CancellationToken::new();
        let finished = AtomicUsize::new(0);
        let mut running = Box::pin(periodic(10 * SECOND, &stop, |_| async {
            sleep(SECOND).await;
            finished.fetch_add(1, Ordering::Relaxed);
        }));
        assert_eq!(running.as_mut().now_or_never(), None);
        stop.cancel();
        let start = Instant::now();
        running.await;
        assert_eq!((finished.load(Ordering::Relaxed), start.elapsed()), (1, SECOND));

        let stop = CancellationToken::new();
        let mut waiting = Box::pin(periodic(10 * SECOND, &stop, |_| async {}));
        assert_eq!(waiting.as_mut().now_or_never(), None);
        stop.cancel();
        assert_eq!(waiting.now_or_never(), Some(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_that_is_due_when_it_is_stopped_does_not_begin() {
        let stop = CancellationToken::new();
        let runs = AtomicUsize::new(0);
        let mut all = Box::pin(periodic(SECOND, &stop, |_| async {
            runs.fetch_add(1, Ordering::Relaxed);
        }));
        assert_eq!(all.as_mut().now_or_never(), None);
        advance(SECOND).await;
        stop.cancel();
        all.await;
        assert_eq!(runs.load(Ordering::Relaxed), 1);
        periodic(SECOND, &stop, |_| async { unreachable!("it was stopped before") }).await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_run_can_be_later_and_the_loop_can_be_a_task() {
        let (start, stop) = (Instant::now(), CancellationToken::new());
        let runs = Arc::new(AtomicUsize::new(0));
        let task = tokio::spawn({
            let (stop, runs) = (stop.clone(), Arc::clone(&runs));
            async move {
                periodic_from(start + 3 * SECOND, 10 * SECOND, &stop, |tick| {
                    let runs = Arc::clone(&runs);
                    async move {
                        sleep(SECOND).await;
                        assert_eq!((tick.scheduled - start).as_secs() % 10, 3);
                        runs.fetch_add(1, Ordering::Relaxed);
                    }
                })
                .await;
            }
        });
        sleep(25 * SECOND).await;
        stop.cancel();
        task.await.expect("no panic");
        assert_eq!(runs.load(Ordering::Relaxed), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_period_longer_than_any_clock_runs_once() {
        let stop = CancellationToken::new();
        let runs = AtomicUsize::new(0);
        let all = periodic(Duration::from_secs(1 << 40), &stop, |_| async {
            runs.fetch_add(1, Ordering::Relaxed);
        });
        timeout(SECOND, all).await.expect_err("nobody stops it");
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    #[should_panic(expected = "in the job")]
    async fn a_panic_of_the_job_ends_the_loop() {
        periodic(SECOND, &CancellationToken::new(), |_| async { panic!("in the job") }).await;
    }

    #[tokio::test]
    #[should_panic(expected = "must be non-zero")]
    async fn a_period_of_zero_panics() {
        periodic(Duration::ZERO, &CancellationToken::new(), |_| async {}).await;
    }
}
