//! Start a task again when it fails or panics, a limited number of times in a while.
//!
//! A worker that dies takes its queue with it, and a loop that restarts it at once burns the CPU on a
//! fault that does not go away. Here each run is a task of its own, so that a panic is a failure like
//! any other; restarts wait longer and longer; and after too many in too short a time the failure
//! goes up to the caller, as in the supervisors of Erlang.
//!
//! A run gets a token that says when to stop. It is waited for, without a limit: put a timeout around
//! the call for one. What a run held in memory when it failed is lost.
//!
//! ```
//! # use service::supervise::{RestartLimit, supervise};
//! use std::time::Duration;
//! use tokio_util::sync::CancellationToken;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let limit = RestartLimit {
//!     max_restarts: 5,
//!     within: Duration::from_secs(60),
//!     first_delay: Duration::from_millis(100),
//!     max_delay: Duration::from_secs(10),
//! };
//! let stop = CancellationToken::new();
//! let (mut runs, mut failures) = (0, Vec::new());
//! let worker = |_stop| {
//!     runs += 1;
//!     let run = runs;
//!     async move { if run < 3 { Err(format!("run {run} lost its connection")) } else { Ok(()) } }
//! };
//! supervise(limit, &stop, worker, |failure| failures.push(failure.to_string())).await.unwrap();
//! assert_eq!(failures, ["run 1 lost its connection", "run 2 lost its connection"]);
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::collections::VecDeque;
use std::future::Future;
use std::time::Duration;
use tokio::task::JoinError;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// How often, and how fast, a task is started again.
#[derive(Clone, Copy, Debug)]
pub struct RestartLimit {
    /// The most restarts that any time of the length `within` may see.
    pub max_restarts: usize,
    /// After this time a restart is forgotten. The waits count: keep it above `max_restarts` times
    /// `max_delay`. If the waits between `max_restarts` restarts last this long, the limit is never reached.
    pub within: Duration,
    /// The wait before a restart if none is remembered. It doubles with each that is.
    pub first_delay: Duration,
    /// The longest wait before a restart.
    pub max_delay: Duration,
}

/// How one run ended.
#[derive(Debug, thiserror::Error)]
pub enum Failure<E> {
    /// It returned an error.
    #[error(transparent)]
    Failed(E),
    /// It panicked, or the runtime is shutting down.
    #[error(transparent)]
    Died(#[from] JoinError),
}

/// Why [`supervise`] has given up.
#[derive(Debug, thiserror::Error)]
pub enum SuperviseError<E> {
    /// It failed once more than it may.
    #[error("it has been restarted {restarts} times within {within:?} and has failed again")]
    TooManyRestarts {
        /// The restarts that are remembered.
        restarts: usize,
        /// The time in which they were.
        within: Duration,
        /// The last failure.
        #[source]
        last: Failure<E>,
    },
    /// It was asked to stop, and failed.
    #[error("it failed while it stopped")]
    FailedToStop(#[source] Failure<E>),
}

impl RestartLimit {
    fn delay(&self, restarts: usize) -> Duration {
        let doubled = u32::try_from(restarts).map_or(u32::MAX, |n| 2_u32.saturating_pow(n));
        self.first_delay.saturating_mul(doubled).min(self.max_delay)
    }
}

/// Runs what `start` returns, in a task, until it returns `Ok` or `stop` is cancelled.
///
/// `start` gets a child of `stop` for each run. `on_failure` is told of each failure that leads to a
/// restart: log it there.
///
/// # Errors
///
/// [`SuperviseError`] if the limit is reached, or the last run fails after `stop`. No run goes on.
///
/// # Cancel safety
///
/// Dropped, it aborts the run at its current `.await`. To let it end, cancel `stop` instead.
///
/// # Panics
///
/// Outside a Tokio runtime with time enabled, and if `start` or `on_failure` panics, which does not
/// count as a failure of the run. A program with `panic = "abort"` ends with the first panic.
pub async fn supervise<F, Fut, E>(
    limit: RestartLimit,
    stop: &CancellationToken,
    mut start: F,
    mut on_failure: impl FnMut(&Failure<E>),
) -> Result<(), SuperviseError<E>>
where
    F: FnMut(CancellationToken) -> Fut,
    Fut: Future<Output = Result<(), E>> + Send + 'static,
    E: Send + 'static,
{
    let mut restarts = VecDeque::new();
    while !stop.is_cancelled() {
        let run = AbortOnDropHandle::new(tokio::spawn(start(stop.child_token())));
        let failure = match run.await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => Failure::Failed(error),
            Err(error) => Failure::Died(error),
        };
        if stop.is_cancelled() {
            return Err(SuperviseError::FailedToStop(failure));
        }
        restarts.retain(|restart: &Instant| restart.elapsed() < limit.within);
        if restarts.len() >= limit.max_restarts {
            let (restarts, within) = (restarts.len(), limit.within);
            return Err(SuperviseError::TooManyRestarts { restarts, within, last: failure });
        }
        on_failure(&failure);
        stop.run_until_cancelled(sleep(limit.delay(restarts.len()))).await;
        restarts.push_back(Instant::now());
    }
    Ok(())
}
