//! Call an operation again when it fails: exponential backoff with jitter, each attempt with a
//! limit.
//!
//! The `backon` crate has the loop and the pauses. This adds a limit for each attempt, the server's
//! `Retry-After`, jitter by default, on that wait too, and a cap on the first pause too.
//!
//! ```
//! # use service::retry::{Policy, Verdict, retry};
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
