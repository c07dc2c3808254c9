//! Call an operation again when it fails: exponential backoff with jitter, each attempt with a
//! limit.
//!
//! The `backon` crate has the loop and the pauses. This adds a limit for each attempt, the server's
//! `Retry-After`, jitter by default, on that wait too, and a cap on the first pause too.
//!
//! ```
//! # use recipes::retry::{Policy, Verdict, retry};
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let mut statuses = [503, 503, 200].into_iter();
//! let operation = || {
//!     let status = statuses.next();
//!     async move { if status == Some(200) { Ok("fine") } else { Err(status) } }
//! };
//! let judge = |status: &Option<u16>| match status {
//!     Some(500..) => Verdict::Again,
//!     _ => Verdict::GiveUp,
//! };
//! assert_eq!(retry(&Policy::default(), operation, judge).await, Ok("fine"));
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use backon::{BackoffBuilder, ConstantBuilder, ExponentialBuilder, Retryable};
use std::future::Future;
use std::time::Duration;
use thiserror::Error;
use tokio::time::{sleep, timeout};

/// How many attempts, how long each may take, and the pauses between them.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The number of calls, the first one included. Zero is one.
    pub attempts: usize,
    /// How long one attempt may take.
    pub attempt_limit: Duration,
    /// The pause after the first attempt. Each one after it is twice as long as the one before.
    pub first_pause: Duration,
    /// The longest pause before jitter, and the longest wait that a server can ask for.
    pub max_pause: Duration,
    /// Lengthens each pause by a random share of itself, so that clients that failed together do
    /// not come back together.
    pub jitter: bool,
}

impl Default for Policy {
    /// Four attempts of up to 10 s each, with pauses of 100, 200 and 400 ms between them, plus
    /// jitter.
    fn default() -> Self {
        Self {
            attempts: 4,
            attempt_limit: Duration::from_secs(10),
            first_pause: Duration::from_millis(100),
            max_pause: Duration::from_secs(30),
            jitter: true,
        }
    }
}

/// The answer to an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another attempt would fail in the same way: "not found", "malformed", "forbidden".
    GiveUp,
    /// It may pass: "unavailable", a connection that broke.
    Again,
    /// The server has said how long to wait: `Retry-After`. The pause is at least as long, before
    /// jitter. If the wait is longer than [`Policy::max_pause`], that was the last attempt.
    AgainAfter(Duration),
}

/// How the last attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RetryError<E> {
    /// It returned this error.
    #[error(transparent)]
    Failed(E),
    /// It took longer than [`Policy::attempt_limit`], which was this long.
    #[error("the last attempt was not done within {0:?}")]
    TimedOut(Duration),
}

/// Calls `operation` and awaits the future it returns, again after each pause of the policy, until
/// one succeeds, `judge` gives up on its error, or no attempt is left. A timeout counts as
/// [`Verdict::Again`].
///
/// An attempt that failed or timed out may still have taken effect. Retry only operations that are
/// idempotent.
///
/// # Errors
///
/// The error of the last attempt.
///
/// # Panics
///
/// Outside a Tokio runtime whose timers are enabled. A panic in `operation` or `judge` is not
/// caught: there is no other attempt.
///
/// # Cancel safety
///
/// If dropped, it drops the running attempt and starts no other.
pub async fn retry<T, E, Fut: Future<Output = Result<T, E>>>(
    policy: &Policy,
    mut operation: impl FnMut() -> Fut,
    mut judge: impl FnMut(&E) -> Verdict,
) -> Result<T, RetryError<E>> {
    let limit = policy.attempt_limit;
    let attempt = || {
        let attempt = timeout(limit, operation());
        async move {
            match attempt.await {
                Ok(result) => result.map_err(RetryError::Failed),
                Err(_elapsed) => Err(RetryError::TimedOut(limit)),
            }
        }
    };
    let pauses = ExponentialBuilder::new()
        .with_min_delay(policy.first_pause.min(policy.max_pause))
        .with_max_delay(policy.max_pause)
        .with_max_times(policy.attempts.saturating_sub(1));
    // From 1 to 2 s. The jitter of `pauses` would not lengthen the server's wait.
    let second = ConstantBuilder::new().with_delay(Duration::from_secs(1)).without_max_times();
    let mut jittered = second.with_jitter().build();
    let mut lengthened = |pause: Duration| match jittered.next() {
        Some(it) if policy.jitter => pause.saturating_add(pause.mul_f64(it.as_secs_f64() - 1.0)),
        _ => pause,
    };
    // `None` ends it: from the pauses when no attempt is left, or from here.
    let adjusted = |error: &RetryError<E>, pause: Option<Duration>| {
        let verdict = match error {
            RetryError::Failed(error) => judge(error),
            RetryError::TimedOut(_) => Verdict::Again,
        };
        match verdict {
            Verdict::GiveUp => None,
            Verdict::Again => pause.map(&mut lengthened),
            Verdict::AgainAfter(wait) if wait > policy.max_pause => None,
            Verdict::AgainAfter(wait) => pause.map(|pause| lengthened(pause.max(wait))),
        }
    };
    attempt.retry(pauses).sleep(sleep).adjust(adjusted).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::future::{pending, ready};
    use std::sync::Arc;
    use tokio::time::Instant;

    const LIMIT: Duration = Duration::from_secs(1);

    /// Pauses of 125, 250, and then 500 ms each: an `f32` holds them exactly, as `backon` does.
    fn policy(attempts: usize) -> Policy {
        Policy {
            attempts,
            attempt_limit: LIMIT,
            first_pause: Duration::from_millis(125),
            max_pause: Duration::from_millis(500),
            jitter: false,
        }
    }

    /// Returns the output, the moment each attempt starts and the whole time, in ms.
    async fn run<T, E, Fut: Future<Output = Result<T, E>>>(
        policy: Policy,
        judge: impl FnMut(&E) -> Verdict,
        mut operation: impl FnMut(usize) -> Fut,
    ) -> (Result<T, RetryError<E>>, Vec<u128>, u128) {
        let start = Instant::now();
        let starts = RefCell::new(Vec::new());
        let operation = || {
            starts.borrow_mut().push(start.elapsed().as_millis());
            operation(starts.borrow().len())
        };
        let output = retry(&policy, operation, judge).await;
        (output, starts.into_inner(), start.elapsed().as_millis())
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_double_up_to_their_cap_and_none_follows_the_last_attempt() {
        let failing = |attempt| ready(Err::<(), _>(attempt));
        let (output, starts, whole) = run(policy(6), |_| Verdict::Again, failing).await;
        assert_eq!(starts, [0, 125, 375, 875, 1375, 1875]);
        assert_eq!((output, whole), (Err(RetryError::Failed(6)), 1875));
    }

    #[tokio::test(start_paused = true)]
    async fn each_attempt_has_its_own_limit_and_a_late_one_is_tried_again() {
        let stalled = |_| pending::<Result<(), u32>>();
        let (output, starts, whole) = run(policy(3), |_| Verdict::GiveUp, stalled).await;
        assert_eq!((starts, whole), (vec![0, 1125, 2375], 3375));
        let error = output.unwrap_err().to_string();
        assert_eq!(error, "the last attempt was not done within 1s");
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_success_ends_it_even_at_exactly_the_limit() {
        let third = |attempt| async move {
            sleep(LIMIT).await;
            if attempt == 3 { Ok("done") } else { Err("refused") }
        };
        let ran = run(policy(6), |_| Verdict::Again, third).await;
        assert_eq!(ran, (Ok("done"), vec![0, 1125, 2375], 3375));
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_that_will_stay_is_not_tried_again() {
        let missing = |_| ready(Err::<(), _>("not found"));
        let (output, starts, whole) = run(policy(3), |_| Verdict::GiveUp, missing).await;
        assert_eq!((starts, whole), (vec![0], 0));
        assert_eq!(output.unwrap_err().to_string(), "not found");
    }

    #[tokio::test(start_paused = true)]
    async fn zero_attempts_are_one_and_their_error_is_judged() {
        for attempts in [0, 1] {
            let ran = run(policy(attempts), |_| Verdict::Again, |_| ready(Err::<(), _>(503))).await;
            assert_eq!(ran, (Err(RetryError::Failed(503)), vec![0], 0));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_the_server_asks_for_lengthens_the_pause_and_never_shortens_it() {
        let failing = |_| ready(Err::<(), _>(429));
        for (asked, second) in [(300, 300), (500, 500), (0, 125)] {
            let judge = |_: &i32| Verdict::AgainAfter(Duration::from_millis(asked));
            let (_, starts, _) = run(policy(2), judge, failing).await;
            assert_eq!(starts, [0, second]);
        }
        let judge = |_: &i32| Verdict::AgainAfter(Duration::from_millis(501));
        let (output, starts, _) = run(policy(2), judge, failing).await;
        assert_eq!((output, starts), (Err(RetryError::Failed(429)), vec![0]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_first_pause_over_the_cap_is_the_cap() {
        let short = Policy { first_pause: Duration::MAX, ..policy(3) };
        let (_, starts, _) = run(short, |_| Verdict::Again, |_| ready(Err::<(), _>(()))).await;
        assert_eq!(starts, [0, 500, 1000]);
    }

    /// Twenty clients that fail at the same moment come back at twenty moments.
    async fn assert_spread(first_pause: Duration, verdict: Verdict, length: Duration) {
        let policy = Policy { first_pause, max_pause: length, jitter: true, ..policy(2) };
        let mut pauses = Vec::new();
        for _ in 0..20 {
            let start = Instant::now();
            retry(&policy, || ready(Err::<(), _>(())), |()| verdict).await.unwrap_err();
            pauses.push(start.elapsed());
        }
        // Tokio's timers have a grain of 1 ms, and round up.
        let spread = length..=length * 2 + Duration::from_millis(1);
        assert!(pauses.iter().all(|pause| spread.contains(pause)), "{pauses:?}");
        pauses.sort();
        pauses.dedup();
        assert!(pauses.len() > 10, "{pauses:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn jitter_spreads_the_pauses_between_one_and_two_times_their_length() {
        assert_spread(LIMIT, Verdict::Again, LIMIT).await;
    }

    #[tokio::test(start_paused = true)]
    async fn jitter_spreads_a_wait_that_the_server_asks_for() {
        assert_spread(LIMIT / 10, Verdict::AgainAfter(LIMIT * 30), LIMIT * 30).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_attempt_is_dropped_before_the_pause_and_none_starts_after_a_drop() {
        let (attempts, alive) = (RefCell::new(0), Arc::new(()));
        let operation = || {
            *attempts.borrow_mut() += 1;
            let held = alive.clone();
            async move {
                let _held = held;
                pending::<Result<(), ()>>().await
            }
        };
        {
            let policy = policy(5);
            let mut retry = std::pin::pin!(retry(&policy, operation, |()| Verdict::GiveUp));
            timeout(LIMIT + Duration::from_millis(50), &mut retry).await.unwrap_err();
            assert_eq!((*attempts.borrow(), Arc::strong_count(&alive)), (1, 1));
            timeout(Duration::from_millis(200), &mut retry).await.unwrap_err();
            assert_eq!((*attempts.borrow(), Arc::strong_count(&alive)), (2, 2));
        }
        sleep(LIMIT * 60).await;
        assert_eq!((*attempts.borrow(), Arc::strong_count(&alive)), (2, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_in_the_operation_ends_it() {
        let task = tokio::spawn(async {
            let mut calls = 0;
            let operation = || {
                calls += 1;
                assert!(calls < 2, "call {calls}");
                ready(Err::<(), _>(()))
            };
            retry(&policy(5), operation, |()| Verdict::Again).await
        });
        let panic = task.await.unwrap_err().into_panic();
        assert_eq!(*panic.downcast::<String>().unwrap(), "call 2");
    }
}
