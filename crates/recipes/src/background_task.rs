//! Run tasks in the background whose work, errors and panics must not be lost.
//!
//! A task whose `JoinHandle` is dropped goes on unseen: its panic is a line on stderr at best, and at
//! the end of `main` it is cut off at its next `.await`. Here a task has a name, each failure or panic
//! arrives at a receiver, and [`Background::finish`] waits for all tasks within a limit. A task
//! that is dropped before its end, by that limit or with the runtime, arrives there as well.
//!
//! A crash still loses work: write it to a disk or a queue first. The number of tasks has no limit.
//!
//! ```
//! # use recipes::background_task::Background;
//! # use std::{io, time::Duration};
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let (background, mut failures) = Background::<io::Error>::new();
//! background.spawn("mail", async { Err(io::ErrorKind::ConnectionRefused.into()) });
//! background.finish(Duration::from_secs(30)).await.unwrap();
//! // Log it, count it, or end the program.
//! let failure = failures.recv().await.unwrap();
//! assert_eq!(failure.to_string(), "mail failed: connection refused");
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use futures::FutureExt;
use std::any::Any;
use std::borrow::Cow;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A task that did not end well.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {cause}")]
pub struct TaskFailure<E> {
    /// The name that it was given.
    pub name: Cow<'static, str>,
    /// How it ended.
    pub cause: Cause<E>,
}

/// How a task ended.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause<E> {
    /// It returned an error.
    #[error("failed: {0}")]
    Failed(E),
    /// It panicked, with this text if it was text.
    #[error("panicked: {0}")]
    Panicked(String),
    /// It was dropped at an `.await`.
    #[error("was dropped before its end")]
    Unfinished,
}

/// How many tasks had not ended when the time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} background tasks did not end in time")]
pub struct TimedOut(pub usize);

/// Spawns tasks, and waits for them. Share it in an `Arc`.
#[derive(Debug)]
pub struct Background<E> {
    tasks: TaskTracker,
    stop: CancellationToken,
    cut_off: CancellationToken,
    failures: UnboundedSender<TaskFailure<E>>,
}

impl<E: Send + 'static> Background<E> {
    /// Returns an empty set of tasks and the receiver of their failures: if it is dropped, they are
    /// lost. It ends when the set and all tasks are gone.
    pub fn new() -> (Self, UnboundedReceiver<TaskFailure<E>>) {
        let (failures, receiver) = unbounded_channel();
        let [stop, cut_off] = [(); 2].map(|()| CancellationToken::new());
        (Self { tasks: TaskTracker::new(), stop, cut_off, failures }, receiver)
    }

    /// Runs `task` in the background. Its name appears in a failure. After [`Background::finish`],
    /// nobody waits for it. Panics outside a Tokio runtime.
    pub fn spawn<Fut>(&self, name: impl Into<Cow<'static, str>>, task: Fut)
    where
        Fut: Future<Output = Result<(), E>> + Send + 'static,
    {
        let (name, failures) = (name.into(), self.failures.clone());
        let report = Report { name, cause: Some(Cause::Unfinished), failures };
        let cut_off = self.cut_off.clone();
        self.tasks.spawn(async move {
            // Moved in whole: it is dropped with the task.
            let mut report = report;
            let task = AssertUnwindSafe(task).catch_unwind();
            match cut_off.run_until_cancelled(task).await {
                None => {}
                Some(Ok(Ok(()))) => report.cause = None,
                Some(Ok(Err(error))) => report.cause = Some(Cause::Failed(error)),
                Some(Err(panic)) => report.cause = Some(Cause::Panicked(text(&*panic))),
            }
        });
    }

    /// Returns a token that is cancelled when [`Background::finish`] begins: a task that has no end
    /// of its own, such as a loop, must end then.
    pub fn stopping(&self) -> CancellationToken {
        self.stop.child_token()
    }

    /// Asks all tasks to stop and waits until they have ended, also those that they spawn meanwhile.
    /// Dropped, it has asked, and cut none off. It can be called again.
    ///
    /// # Errors
    ///
    /// [`TimedOut`] after `limit`. Those that are left are dropped at their next `.await`, a moment
    /// after this returns, and arrive at the receiver; one that blocks its thread goes on.
    pub async fn finish(&self, limit: Duration) -> Result<(), TimedOut> {
        self.stop.cancel();
        self.tasks.close();
        if timeout(limit, self.tasks.wait()).await.is_ok() {
            return Ok(());
        }
        self.cut_off.cancel();
        let left = self.tasks.len();
        if left == 0 { Ok(()) } else { Err(TimedOut(left)) }
    }
}

/// Tells how the task ended when the task is gone, in whatever way.
struct Report<E> {
    name: Cow<'static, str>,
    cause: Option<Cause<E>>,
    failures: UnboundedSender<TaskFailure<E>>,
}

impl<E> Drop for Report<E> {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        // The receiver may be gone: that was its owner's choice.
        let _ = self.cause.take().map(|cause| self.failures.send(TaskFailure { name, cause }));
    }
}

fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref().copied()).unwrap_or("(no text)").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use tokio::time::{Instant, sleep};

    const SECOND: Duration = Duration::from_secs(1);

    fn failure<E>(name: &'static str, cause: Cause<E>) -> Option<TaskFailure<E>> {
        Some(TaskFailure { name: name.into(), cause })
    }

    #[tokio::test(start_paused = true)]
    async fn errors_and_panics_arrive_and_successes_do_not() {
        let (background, mut failures) = Background::new();
        background.spawn("good", async { Ok(()) });
        background.spawn("bad", async { Err(7) });
        background.spawn("text", async { panic!("{}", "made at run time") });
        background.spawn("other", async { std::panic::panic_any(1) });
        assert_eq!(failures.recv().await, failure("bad", Cause::Failed(7)));
        let panicked = |text: &str| Cause::Panicked(text.to_string());
        assert_eq!(failures.recv().await, failure("text", panicked("made at run time")));
        assert_eq!(failures.recv().await, failure("other", panicked("(no text)")));
        drop(background);
        assert_eq!(failures.recv().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn finish_waits_for_all_even_for_what_tasks_spawn_at_the_end() {
        let (background, mut failures) = Background::<Infallible>::new();
        let background = std::sync::Arc::new(background);
        let (inner, stopping) = (background.clone(), background.stopping());
        background.spawn("loop", async move {
            stopping.cancelled().await;
            inner.spawn("last words", async {
                sleep(3 * SECOND).await;
                Ok(())
            });
            Ok(())
        });
        let start = Instant::now();
        assert_eq!(background.finish(10 * SECOND).await, Ok(()));
        assert_eq!(start.elapsed(), 3 * SECOND);
        drop(background);
        assert_eq!(failures.recv().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_does_not_end_in_time_is_dropped_and_named() {
        let (background, mut failures) = Background::<Infallible>::new();
        background.spawn("short", async {
            sleep(SECOND).await;
            Ok(())
        });
        background.spawn("endless", std::future::pending());
        let start = Instant::now();
        let error = background.finish(10 * SECOND).await.expect_err("one is endless");
        assert_eq!((error, start.elapsed()), (TimedOut(1), 10 * SECOND));
        assert_eq!(failures.recv().await, failure("endless", Cause::Unfinished));
        assert_eq!(background.finish(Duration::ZERO).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn finish_can_be_dropped_and_called_again() {
        let (background, mut failures) = Background::<Infallible>::new();
        background.spawn("two", async {
            sleep(2 * SECOND).await;
            Ok(())
        });
        timeout(SECOND, background.finish(Duration::MAX)).await.expect_err("it takes two");
        assert_eq!(background.finish(2 * SECOND).await, Ok(()));
        drop(background);
        assert_eq!(failures.recv().await, None);
    }

    #[test]
    fn a_runtime_that_ends_first_loses_no_name() {
        let (background, mut failures) = Background::<Infallible>::new();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async { background.spawn("cut", std::future::pending()) });
        drop((runtime, background));
        assert_eq!(failures.recv().now_or_never(), Some(failure("cut", Cause::Unfinished)));
        assert_eq!(failures.recv().now_or_never(), Some(None));
    }

    #[tokio::test]
    async fn without_a_reader_tasks_still_run() {
        let (background, failures) = Background::new();
        drop(failures);
        background.spawn("bad", async { Err(()) });
        assert_eq!(background.finish(SECOND).await, Ok(()));
    }
}
