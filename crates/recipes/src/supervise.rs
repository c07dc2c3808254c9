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
//! # use recipes::supervise::{RestartLimit, supervise};
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

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::sync::{Arc, Mutex};
    use tokio::time::timeout;

    const SECOND: Duration = Duration::from_secs(1);
    const LIMIT: RestartLimit = RestartLimit {
        max_restarts: 4,
        within: Duration::from_secs(60),
        first_delay: SECOND,
        max_delay: Duration::from_secs(4),
    };

    /// The seconds at which runs began.
    #[derive(Clone)]
    struct Runs(Arc<Mutex<Vec<u64>>>, Instant);

    impl Runs {
        fn new() -> Self {
            Self(Arc::default(), Instant::now())
        }

        fn begin(&self) -> usize {
            let mut runs = self.0.lock().expect("no panic");
            runs.push(self.1.elapsed().as_secs());
            runs.len()
        }

        fn all(&self) -> Vec<u64> {
            self.0.lock().expect("no panic").clone()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn restarts_wait_longer_and_longer_until_it_succeeds() {
        let runs = Runs::new();
        let start = |_| {
            let run = runs.begin();
            async move { if run < 5 { Err(run) } else { Ok(()) } }
        };
        let (stop, mut failures) = (CancellationToken::new(), Vec::new());
        let result = supervise(LIMIT, &stop, start, |failure| match failure {
            Failure::Failed(run) => failures.push(*run),
            Failure::Died(error) => unreachable!("{error}"),
        });
        result.await.expect("the fifth is good");
        assert_eq!((runs.all(), failures), (vec![0, 1, 3, 7, 11], vec![1, 2, 3, 4]));
    }

    #[tokio::test(start_paused = true)]
    async fn too_many_in_a_while_are_given_up_with_the_last_failure() {
        let runs = Runs::new();
        let start = |_| std::future::ready(Err::<(), _>(runs.begin()));
        let error = supervise(LIMIT, &CancellationToken::new(), start, |_| {}).await;
        let error = error.expect_err("none is good");
        assert_eq!(
            error.to_string(),
            "it has been restarted 4 times within 60s and has failed again"
        );
        let SuperviseError::TooManyRestarts { restarts: 4, last: Failure::Failed(5), .. } = error
        else {
            panic!("{error:?}")
        };
        assert_eq!(runs.all(), [0, 1, 3, 7, 11]);

        let never = RestartLimit { max_restarts: 0, ..LIMIT };
        let start = |_| std::future::ready(Err::<(), _>("bad"));
        let failed = |_: &_| unreachable!("there is no restart");
        let error = supervise(never, &CancellationToken::new(), start, failed).await;
        assert!(matches!(error, Err(SuperviseError::TooManyRestarts { restarts: 0, .. })));
    }

    #[tokio::test(start_paused = true)]
    async fn waits_as_long_as_the_time_keep_it_below_the_limit() {
        // Four restarts have three waits between them: 2 + 4 + 4 seconds.
        for (within, gives_up) in [(10, false), (11, true)] {
            let limit = RestartLimit { within: within * SECOND, ..LIMIT };
            let runs = Runs::new();
            let start = |_| {
                let run = runs.begin();
                async move { if run < 50 { Err(()) } else { Ok(()) } }
            };
            let result = supervise(limit, &CancellationToken::new(), start, |_| {}).await;
            assert_eq!(
                (result.is_err(), runs.all().len()),
                if gives_up { (true, 5) } else { (false, 50) }
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_fault_now_and_then_is_forgotten() {
        let runs = Runs::new();
        let start = |_| {
            let run = runs.begin();
            async move {
                sleep(60 * SECOND).await;
                if run < 50 { Err(()) } else { Ok(()) }
            }
        };
        let once = RestartLimit { max_restarts: 1, ..LIMIT };
        supervise(once, &CancellationToken::new(), start, |_| {}).await.expect("one at a time");
        // Each waits the first delay again: 60 + 1.
        assert_eq!(runs.all(), (0..50).map(|n| n * 61).collect::<Vec<_>>());
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_a_failure() {
        let runs = Runs::new();
        let start = |_| {
            let run = runs.begin();
            async move {
                assert_ne!(run, 1, "the first is bad");
                Ok::<_, &str>(())
            }
        };
        let mut failures = Vec::new();
        supervise(LIMIT, &CancellationToken::new(), start, |it| failures.push(it.to_string()))
            .await
            .expect("the second is good");
        assert!(failures[0].contains("the first is bad"), "{failures:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn stop_lets_the_run_end_and_starts_no_other() {
        let (stop, runs) = (CancellationToken::new(), Runs::new());
        let ending = |result: Result<(), &'static str>| {
            let runs = runs.clone();
            move |stop: CancellationToken| {
                runs.begin();
                async move {
                    stop.cancelled().await;
                    sleep(5 * SECOND).await;
                    result
                }
            }
        };
        let asked = async {
            sleep(SECOND).await;
            stop.cancel();
        };
        let (result, ()) = tokio::join!(supervise(LIMIT, &stop, ending(Ok(())), |_| {}), asked);
        result.expect("it ended well");
        assert_eq!((runs.1.elapsed(), runs.all().len()), (6 * SECOND, 1));
        // It is stopped already: nothing starts.
        supervise(LIMIT, &stop, ending(Err("bad")), |_| {}).await.expect("nothing to do");
        assert_eq!(runs.all().len(), 1);

        let stop = CancellationToken::new();
        let mut failing = Box::pin(supervise(LIMIT, &stop, ending(Err("bad")), |_| {}));
        assert!(failing.as_mut().now_or_never().is_none());
        stop.cancel();
        let error = failing.await.expect_err("it ended badly");
        assert!(matches!(error, SuperviseError::FailedToStop(Failure::Failed("bad"))), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn stop_ends_the_wait_for_a_restart_at_once() {
        let (stop, runs) = (CancellationToken::new(), Runs::new());
        let start = |_| std::future::ready(Err::<(), _>(runs.begin()));
        supervise(LIMIT, &stop, start, |_| stop.cancel()).await.expect("its failure is told");
        assert_eq!((runs.all(), runs.1.elapsed()), (vec![0], Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_call_aborts_the_run() {
        let (stop, alive) = (CancellationToken::new(), Arc::new(()));
        let start = |_| {
            let alive = Arc::clone(&alive);
            async move {
                let _alive = alive;
                std::future::pending::<Result<(), ()>>().await
            }
        };
        let supervised = supervise(LIMIT, &stop, start, |_| {});
        timeout(SECOND, supervised).await.expect_err("it never ends");
        tokio::task::yield_now().await;
        assert_eq!(Arc::strong_count(&alive), 1);
    }

    #[test]
    fn delays_saturate() {
        let long = RestartLimit { max_delay: Duration::MAX, ..LIMIT };
        assert_eq!(long.delay(31), SECOND * (1 << 31));
        assert_eq!(long.delay(usize::MAX), SECOND * u32::MAX);
    }
}
