//! How often a worker looks into the global queue before its own, so that tasks from outside wait for about
//! 200 µs at most, for short polls and for long ones.
//!
//! The worker measures how long a poll takes, as a moving average over its polls, and derives how
//! many fit into the target. It starts with 61. It reads the clock once a batch of polls, which is
//! rare enough to cost nothing.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/stats.rs`.

use std::time::{Duration, Instant};

/// The weight of the newest poll.
const ALPHA: f64 = 0.1;
/// Between two looks into the global queue.
const TARGET: Duration = Duration::from_micros(200);
/// Polls between two looks, until something is measured.
const START: u32 = 61;
const LEAST: u32 = 2;
const MOST: u32 = 127;
/// Smaller changes are noise.
const TOLERANCE: u32 = 2;

pub(crate) struct Tuning {
    interval: u32,
    /// The user has set the interval.
    fixed: bool,
    nanos_per_poll: f64,
    batch: Option<(Instant, u32)>,
}

impl Tuning {
    pub(crate) fn new(fixed: Option<u32>) -> Self {
        Self {
            interval: fixed.unwrap_or(START),
            fixed: fixed.is_some(),
            nanos_per_poll: TARGET.as_nanos() as f64 / f64::from(START),
            batch: None,
        }
    }

    /// Returns the number of polls between two looks into the global queue.
    #[inline]
    pub(crate) fn interval(&self) -> u32 {
        self.interval
    }

    /// Sets the interval anew from what was measured. Called at each look.
    pub(crate) fn tune(&mut self) {
        if self.fixed {
            return;
        }
        let fit = (TARGET.as_nanos() as f64 / self.nanos_per_poll) as u32;
        let next = fit.clamp(LEAST, MOST);
        if self.interval.abs_diff(next) > TOLERANCE {
            self.interval = next;
        }
    }

    /// Starts to measure: the worker polls tasks from now on, one after the other.
    pub(crate) fn start_batch(&mut self) {
        if !self.fixed {
            self.batch = Some((Instant::now(), 0));
        }
    }

    #[inline]
    pub(crate) fn polled(&mut self) {
        if let Some((_, polls)) = &mut self.batch {
            *polls += 1;
        }
    }

    /// Ends the measurement: the worker does something else now.
    pub(crate) fn end_batch(&mut self) {
        if let Some((begun, polls)) = self.batch.take() {
            self.record(polls, begun.elapsed());
        }
    }

    fn record(&mut self, polls: u32, took: Duration) {
        if polls == 0 {
            return;
        }
        let mean = took.as_nanos() as f64 / f64::from(polls);
        // As if each of these polls had been averaged in by itself.
        let weight = 1.0 - (1.0 - ALPHA).powf(f64::from(polls));
        self.nanos_per_poll = weight * mean + (1.0 - weight) * self.nanos_per_poll;
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn interval_after(poll: Duration) -> u32 {
        let mut tuning = Tuning::new(None);
        tuning.record(1000, poll * 1000);
        tuning.tune();
        tuning.interval()
    }

    #[test]
    fn the_global_queue_is_looked_at_about_every_200_microseconds() {
        assert_eq!(Tuning::new(None).interval(), 61);
        assert_eq!(interval_after(Duration::from_micros(20)), 10);
        assert_eq!(interval_after(Duration::from_micros(100)), 2);
        assert_eq!(interval_after(Duration::from_millis(100)), 2);
        assert_eq!(interval_after(Duration::from_micros(1)), 127);
    }

    #[test]
    fn a_small_change_is_noise() {
        assert_eq!(interval_after(Duration::from_nanos(3_200)), 61);
    }

    #[test]
    fn an_interval_that_the_user_sets_stays() {
        let mut tuning = Tuning::new(Some(7));
        tuning.record(1000, Duration::from_secs(1));
        tuning.tune();
        assert_eq!(tuning.interval(), 7);
    }
}
