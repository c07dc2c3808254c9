//! Limit how long an operation may take, and let its parts share one limit.
//!
//! [`tokio::time::timeout`] does the waiting. This adds one `Result` instead
//! of two nested ones, an error that names what was late, and a [`Deadline`] to hand down.
//!
//! ```
//! # use recipes::timeout::{Deadline, TimeoutError};
//! # use std::io;
//! use std::time::Duration;
//!
//! async fn connect() -> io::Result<u32> {
//!     tokio::time::sleep(Duration::from_secs(2)).await;
//!     Ok(7)
//! }
//!
//! async fn query(connection: u32) -> io::Result<u32> {
//!     tokio::time::sleep(Duration::from_secs(2)).await;
//!     Ok(connection * 6)
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! // Three seconds for both together: two are gone when the second one begins.
//! let deadline = Deadline::after(Duration::from_secs(3));
//! let connection = deadline.try_run("connect", connect()).await.unwrap();
//! let error = deadline.try_run("query", query(connection)).await.unwrap_err();
//! assert_eq!(error.to_string(), "query was not done within 3s");
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::future::Future;
use std::time::Duration;
use thiserror::Error;
use tokio::time::{Instant, timeout_at};

/// The moment by which an operation must end. Pass copies to its parts: they share the time that is
/// left.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// `None` if the clock cannot count that far: there is no limit.
    at: Option<Instant>,
    limit: Duration,
}

/// An operation was late. Its future has been dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{what} was not done within {limit:?}")]
pub struct TimedOut {
    /// The name that the caller gave it.
    pub what: &'static str,
    /// The limit, counted from the call that made the [`Deadline`].
    pub limit: Duration,
}

/// Why an operation that can fail by itself has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TimeoutError<E> {
    /// It was late.
    #[error(transparent)]
    TimedOut(#[from] TimedOut),
    /// It failed in time.
    #[error(transparent)]
    Failed(E),
}

impl Deadline {
    /// Returns the deadline that lies `limit` from now.
    pub fn after(limit: Duration) -> Self {
        Self { at: Instant::now().checked_add(limit), limit }
    }

    /// Returns the earlier of this deadline and the one that lies `limit` from now: a part that may
    /// take a share of the whole, and never more than what is left.
    #[must_use = "the deadline itself stays as it is"]
    pub fn at_most(self, limit: Duration) -> Self {
        let part = Self::after(limit);
        match (self.at, part.at) {
            (Some(whole), Some(sooner)) if sooner < whole => part,
            (None, Some(_)) => part,
            _ => self,
        }
    }

    /// Returns the time that is left, or zero after the deadline. Send it along with a request.
    pub fn remaining(self) -> Duration {
        self.at.map_or(Duration::MAX, |at| at.saturating_duration_since(Instant::now()))
    }

    /// Awaits `future` up to the deadline. `what` is its name in the error.
    ///
    /// A value that is ready wins, even at or after the deadline. A late future is dropped at one
    /// of its `await`s, so it must be cancel safe. Tasks that it spawned run on, and so do closures
    /// of `spawn_blocking`: dropping a `JoinHandle` does not stop them.
    ///
    /// # Errors
    ///
    /// [`TimedOut`] if the deadline came first. The operation may still have taken effect.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime whose timers are enabled.
    ///
    /// # Cancel safety
    ///
    /// As safe as `future`, which is dropped with it.
    ///
    /// # Non-guarantees
    ///
    /// A future that blocks its thread is not interrupted: a deadline acts between two polls.
    pub async fn run<F: Future>(
        self,
        what: &'static str,
        future: F,
    ) -> Result<F::Output, TimedOut> {
        let Some(at) = self.at else { return Ok(future.await) };
        let value = timeout_at(at, future).await;
        value.map_err(|_elapsed| TimedOut { what, limit: self.limit })
    }

    /// Awaits a `future` that can fail, as [`Deadline::run`] does, and makes one `Result` of the
    /// two.
    ///
    /// # Errors
    ///
    /// [`TimeoutError::Failed`] with the error of `future`, or [`TimeoutError::TimedOut`].
    ///
    /// # Panics
    ///
    /// As [`Deadline::run`].
    pub async fn try_run<T, E>(
        self,
        what: &'static str,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, TimeoutError<E>> {
        self.run(what, future).await?.map_err(TimeoutError::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::io;
    use std::sync::Arc;
    use tokio::time::{advance, sleep};

    const SECOND: Duration = Duration::from_secs(1);

    async fn after(pause: Duration) -> Result<&'static str, io::Error> {
        sleep(pause).await;
        Ok("done")
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_late_is_named_at_exactly_the_limit() {
        let start = Instant::now();
        let error = Deadline::after(SECOND * 2).run("report", pending::<()>()).await.unwrap_err();
        assert_eq!(start.elapsed(), SECOND * 2);
        assert_eq!(error, TimedOut { what: "report", limit: SECOND * 2 });
        assert_eq!(error.to_string(), "report was not done within 2s");
    }

    #[tokio::test(start_paused = true)]
    async fn a_value_at_the_limit_and_a_ready_one_after_it_win() {
        let deadline = Deadline::after(SECOND);
        assert_eq!(deadline.try_run("tie", after(SECOND)).await.unwrap(), "done");
        advance(SECOND).await;
        assert_eq!(deadline.run("late", ready(1)).await, Ok(1));
        assert_eq!(Deadline::after(Duration::ZERO).run("zero", ready(2)).await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn the_parts_share_the_limit_of_the_whole() {
        let start = Instant::now();
        let deadline = Deadline::after(SECOND * 3);
        deadline.try_run("first", after(SECOND)).await.unwrap();
        assert_eq!(deadline.remaining(), SECOND * 2);
        deadline.try_run("second", after(SECOND)).await.unwrap();
        let error = deadline.try_run("third", after(SECOND * 2)).await.unwrap_err();
        assert!(matches!(error, TimeoutError::TimedOut(TimedOut { what: "third", .. })));
        assert_eq!(start.elapsed(), SECOND * 3);
        assert_eq!(deadline.remaining(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_part_has_its_own_limit_or_what_is_left_of_the_whole() {
        let deadline = Deadline::after(SECOND * 3);
        let part = deadline.at_most(SECOND).run("part", pending::<()>()).await;
        assert_eq!(part, Err(TimedOut { what: "part", limit: SECOND }));
        let rest = deadline.at_most(SECOND * 10).run("rest", pending::<()>()).await;
        assert_eq!(rest, Err(TimedOut { what: "rest", limit: SECOND * 3 }));
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_in_time_is_that_error_with_its_sources_each_said_once() {
        #[derive(Debug, Error)]
        #[error("no price")]
        struct NoPrice(#[source] io::Error);
        let refused = NoPrice(io::ErrorKind::ConnectionRefused.into());
        let refused = ready(Err::<(), _>(refused));
        let error = Deadline::after(SECOND).try_run("price", refused).await.unwrap_err();
        let error: Box<dyn std::error::Error> = error.into();
        let chain = std::iter::successors(Some(&*error), |error| error.source());
        let said: Vec<_> = chain.map(ToString::to_string).collect();
        assert_eq!(said, ["no price", "connection refused"]);
        let Ok(TimeoutError::Failed(NoPrice(cause))) = error.downcast().map(|it| *it) else {
            panic!("it was in time")
        };
        assert_eq!(cause.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_beyond_the_clock_is_none() {
        let deadline = Deadline::after(Duration::MAX);
        assert_eq!(deadline.try_run("long", after(SECOND * 86_400)).await.unwrap(), "done");
        assert_eq!(deadline.remaining(), Duration::MAX);
        assert_eq!(deadline.at_most(SECOND).remaining(), SECOND);
        assert_eq!(Deadline::after(SECOND).at_most(Duration::MAX).remaining(), SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_future_is_dropped_before_the_error_is_there() {
        let alive = Arc::new(());
        let held = alive.clone();
        let late = async move {
            let _held = held;
            pending::<()>().await;
        };
        Deadline::after(SECOND).run("late", late).await.unwrap_err();
        assert_eq!(Arc::strong_count(&alive), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_future_that_uses_up_the_budget_at_each_poll_times_out() {
        let greedy = async {
            loop {
                tokio::task::consume_budget().await;
            }
        };
        let deadline = Deadline::after(SECOND);
        advance(SECOND).await;
        let result: Result<(), _> = deadline.run("greedy", greedy).await;
        assert_eq!(result.unwrap_err().what, "greedy");
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_runs_on_when_its_handle_is_late() {
        let task = tokio::spawn(after(SECOND * 2));
        let abort = task.abort_handle();
        Deadline::after(SECOND).run("task", task).await.unwrap_err();
        sleep(SECOND / 2).await;
        assert!(!abort.is_finished());
        sleep(SECOND).await;
        assert!(abort.is_finished());
    }
}
