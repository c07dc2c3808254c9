//! Do something at most so often: a number of times each period, with bursts up to a limit.
//!
//! A service that gets too many requests answers 429, or bans the caller. Here callers wait for their
//! turn, first come, first served; or are told at once how long they would have to wait, to answer
//! 429 themselves. In any time `t` there are at most `burst + t / period * count` turns.
//!
//! The rule is GCRA, as in `governor`, which is the choice for one limit each client or address. This
//! one runs on Tokio's clock, so that tests can pause it, and lets nobody overtake. It counts for one
//! process, and it limits how often something begins, not how much runs at once.
//!
//! ```
//! # use recipes::rate_limit::RateLimiter;
//! use std::num::NonZeroU32;
//! use std::time::Duration;
//! use tokio::time::Instant;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! // Two at once, and after that ten a second.
//! let [ten, two] = [10, 2].map(|n| NonZeroU32::new(n).unwrap());
//! let limiter = RateLimiter::new(ten, Duration::from_secs(1), two);
//! let start = Instant::now();
//! for _ in 0..5 {
//!     limiter.acquire().await;
//! }
//! assert_eq!(start.elapsed(), Duration::from_millis(300));
//! assert_eq!(limiter.try_acquire().unwrap_err().retry_after, Duration::from_millis(100));
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// It is too early: the limit is used up, or others wait already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rate limit is reached: try again in {retry_after:?}")]
pub struct RateLimited {
    /// The earliest time at which it could succeed; later if others come first. For `Retry-After`,
    /// round it up to seconds.
    pub retry_after: Duration,
}

/// Hands out turns at a limited rate. Share it in an `Arc`.
#[derive(Debug)]
pub struct RateLimiter {
    /// The time between two turns.
    interval: Duration,
    /// How far ahead of the even rate a turn may be: one interval less than the burst.
    tolerance: Duration,
    start: Instant,
    /// When the next turn would be at the even rate, counted from `start`.
    next: Mutex<Duration>,
    /// Held by the one waiter that is next; the others queue for it, in order.
    queue: tokio::sync::Mutex<()>,
}

impl RateLimiter {
    /// Allows `count` turns each `period`, evenly spread, and `burst` turns at once after a rest.
    ///
    /// For a limit that no window of a `period` may ever exceed, use a `burst` of one. Tokio's timers
    /// wait whole milliseconds: for more than a thousand turns a second, the burst must hold the
    /// turns of some milliseconds. With a `period` of zero there is no limit.
    ///
    /// # Panics
    ///
    /// If the burst lasts longer than [`Duration::MAX`].
    pub fn new(count: NonZeroU32, period: Duration, burst: NonZeroU32) -> Self {
        let mut interval = period / count.get();
        if interval.checked_mul(count.get()).is_some_and(|rounded_down| rounded_down < period) {
            interval += Duration::from_nanos(1);
        }
        Self {
            interval,
            tolerance: interval * (burst.get() - 1),
            start: Instant::now(),
            next: Mutex::new(Duration::ZERO),
            queue: tokio::sync::Mutex::new(()),
        }
    }

    /// Waits for a turn. Callers get theirs in the order in which they first polled this.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it gives up its place in the queue, and uses up no turn.
    ///
    /// # Panics
    ///
    /// If it has to wait outside a Tokio runtime with time enabled.
    pub async fn acquire(&self) {
        let _first = self.queue.lock().await;
        while let Err(early) = self.take() {
            sleep(early.retry_after).await;
        }
    }

    /// Takes a turn, if there is one now and nobody waits for it.
    ///
    /// # Errors
    ///
    /// [`RateLimited`] says how long to wait at least. Nothing is used up.
    pub fn try_acquire(&self) -> Result<(), RateLimited> {
        match self.queue.try_lock() {
            Ok(_first) => self.take(),
            // The waiter that holds it takes the next turn, so this one could have the one after it.
            Err(_) => {
                let retry_after = self.until_next().saturating_add(self.interval);
                Err(RateLimited { retry_after })
            }
        }
    }

    fn take(&self) -> Result<(), RateLimited> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.start.elapsed();
        let retry_after = next.saturating_sub(now.saturating_add(self.tolerance));
        if !retry_after.is_zero() {
            return Err(RateLimited { retry_after });
        }
        *next = now.max(*next).saturating_add(self.interval);
        Ok(())
    }

    fn until_next(&self) -> Duration {
        let next = *self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.saturating_sub(self.start.elapsed().saturating_add(self.tolerance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use futures::future::join_all;
    use tokio::time::advance;

    const SECOND: Duration = Duration::from_secs(1);

    fn per(count: u32, period: Duration, burst: u32) -> RateLimiter {
        let [count, burst] = [count, burst].map(|n| NonZeroU32::new(n).expect("not zero"));
        RateLimiter::new(count, period, burst)
    }

    fn early(retry_after: Duration) -> Result<(), RateLimited> {
        Err(RateLimited { retry_after })
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_evenly_spread_after_the_burst() {
        let limiter = per(4, SECOND, 3);
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..6 {
            limiter.acquire().await;
            times.push(start.elapsed().as_millis());
        }
        assert_eq!(times, [0, 0, 0, 250, 500, 750]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rest_saves_up_the_burst_and_no_more() {
        let limiter = per(4, SECOND, 3);
        advance(3600 * SECOND).await;
        let turns = (0..10).filter(|_| limiter.try_acquire().is_ok()).count();
        assert_eq!(turns, 3);
        advance(SECOND / 2).await;
        let turns = (0..10).filter(|_| limiter.try_acquire().is_ok()).count();
        assert_eq!(turns, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_has_more_than_the_limit_with_a_burst_of_one() {
        // 1 s / 3 is no whole number of nanoseconds.
        let limiter = per(3, SECOND, 1);
        assert!(3 * limiter.interval >= SECOND);
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..30 {
            limiter.acquire().await;
            times.push(start.elapsed());
        }
        assert!(times.windows(4).all(|window| window[3] - window[0] >= SECOND), "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn ten_thousand_a_second_keep_their_rate_with_a_burst_that_holds_some_milliseconds() {
        let limiter = per(10_000, SECOND, 50);
        let start = Instant::now();
        for _ in 0..10_050 {
            limiter.acquire().await;
        }
        assert_eq!(start.elapsed(), SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn waiters_have_their_turn_in_order_and_nobody_overtakes() {
        let limiter = per(1, SECOND, 1);
        limiter.acquire().await;
        let start = Instant::now();
        let waits = (0..3).map(|n| {
            let limiter = &limiter;
            async move {
                limiter.acquire().await;
                (n, start.elapsed())
            }
        });
        let mut waits = Box::pin(join_all(waits));
        assert!(waits.as_mut().now_or_never().is_none());
        // The next turn, in a second, belongs to the first waiter.
        assert_eq!(limiter.try_acquire(), early(2 * SECOND));
        assert_eq!(waits.await, [(0, SECOND), (1, 2 * SECOND), (2, 3 * SECOND)]);
        assert_eq!(limiter.try_acquire(), early(SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn a_waiter_that_is_dropped_uses_up_no_turn() {
        let limiter = per(1, SECOND, 1);
        limiter.acquire().await;
        let mut gone = Box::pin(limiter.acquire());
        let mut second = Box::pin(limiter.acquire());
        assert!(gone.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());
        drop(gone);
        let start = Instant::now();
        second.await;
        assert_eq!(start.elapsed(), SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn extreme_periods_neither_panic_nor_block_what_is_allowed() {
        let free = per(1, Duration::ZERO, 1);
        for _ in 0..1000 {
            free.acquire().await;
        }
        assert_eq!(free.start.elapsed(), Duration::ZERO);
        let once = per(1, Duration::MAX, 1);
        assert_eq!(once.try_acquire(), Ok(()));
        assert_eq!(once.try_acquire(), early(Duration::MAX));
        assert_eq!(once.acquire().now_or_never(), None);
    }
}
