//! Close resources that need an `await` to close, and wait for all of it at the end of the program.
//!
//! `drop` cannot await, so it hands the resource to a task, and the end of the runtime would cut
//! that task off. Here tokio-util's `TaskTracker` counts each resource until it is closed.
//!
//! ```
//! # use recipes::tracked_cleanup::{Cleanups, Close};
//! # use std::{io, time::Duration};
//! struct Connection;
//!
//! impl Close for Connection {
//!     type Error = io::Error;
//!
//!     async fn close(self) -> io::Result<()> {
//!         // The goodbye to a server, say.
//!         tokio::time::sleep(Duration::from_millis(50)).await;
//!         Ok(())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> io::Result<()> {
//! let cleanups = Cleanups::new(|error: io::Error| eprintln!("close: {error}"));
//! let (first, second) = (cleanups.track(Connection), cleanups.track(Connection));
//! first.close().await??; // Waits, and returns the error.
//! drop(second); // Does not wait: an error goes to the closure.
//! cleanups.finish(Duration::from_secs(5)).await.unwrap();
//! # Ok(()) }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::runtime::Handle;
use tokio::task::JoinError;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// A resource that needs an `await` to close.
pub trait Close: Send + 'static {
    /// Why it could not be closed.
    type Error: Send + 'static;
    /// Closes it. This runs in its own task, so dropping the caller's future does not cut it short.
    fn close(self) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// The number of resources that were not closed at the limit. The end of the runtime loses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} resources have not been closed")]
pub struct Unclosed(pub usize);

/// The resources to wait for at the end. Clones share them.
pub struct Cleanups<E> {
    tracker: TaskTracker,
    runtime: Handle,
    on_error: Arc<dyn Fn(E) + Send + Sync>,
}

// Derived, it would want `E: Clone`.
impl<E> Clone for Cleanups<E> {
    fn clone(&self) -> Self {
        let (tracker, runtime) = (self.tracker.clone(), self.runtime.clone());
        Self { tracker, runtime, on_error: self.on_error.clone() }
    }
}

impl<E: Send + 'static> Cleanups<E> {
    /// Returns an empty group. `on_error` gets the error if closing a dropped resource fails.
    /// Resources are closed in the current Tokio runtime. Panics outside one.
    pub fn new(on_error: impl Fn(E) + Send + Sync + 'static) -> Self {
        let (tracker, runtime) = (TaskTracker::new(), Handle::current());
        Self { tracker, runtime, on_error: Arc::new(on_error) }
    }

    /// Wraps `resource`, so that it is closed when the wrapper is dropped.
    pub fn track<R: Close<Error = E>>(&self, resource: R) -> Tracked<R> {
        let token = self.tracker.token();
        Tracked { resource: Some((resource, token)), cleanups: self.clone() }
    }

    /// Waits until all resources are dropped and closed, at most for `limit`: a resource that is
    /// leaked, or lives in a `static` or in a cycle of `Arc`s, is never dropped. Call it at the end.
    ///
    /// If dropped, another call waits again. Panics outside a Tokio runtime whose timers are
    /// enabled.
    ///
    /// # Errors
    ///
    /// [`Unclosed`] at the limit.
    pub async fn finish(&self, limit: Duration) -> Result<(), Unclosed> {
        // Closed, `wait` ends with the last one.
        self.tracker.close();
        // The result is how many are left, read once: the last one may end just at the limit.
        let _ = timeout(limit, self.tracker.wait()).await;
        let left = self.tracker.len();
        if left == 0 { Ok(()) } else { Err(Unclosed(left)) }
    }
}

/// Closes its resource when it is dropped, on any thread. If the runtime has ended, the resource is
/// dropped unclosed. The panic hook reports a panic of [`Close::close`].
pub struct Tracked<R: Close> {
    /// `None` after it was moved to its task. The token moves with it, and counts it.
    resource: Option<(R, TaskTrackerToken)>,
    cleanups: Cleanups<R::Error>,
}

impl<R: Close> Tracked<R> {
    /// Closes the resource now and returns its error. If dropped, the task that closes it runs on
    /// and is counted. Fails with a [`JoinError`] if [`Close::close`] panics, or if the runtime of
    /// the [`Cleanups`] ends first: the resource is then dropped unclosed.
    pub async fn close(mut self) -> Result<Result<(), R::Error>, JoinError> {
        let (resource, token) = self.resource.take().expect(TAKEN);
        let task = async move { (resource.close().await, token).0 };
        self.cleanups.runtime.spawn(task).await
    }
}

impl<R: Close> Drop for Tracked<R> {
    fn drop(&mut self) {
        let Some((resource, token)) = self.resource.take() else { return };
        let on_error = self.cleanups.on_error.clone();
        self.cleanups.runtime.spawn(async move {
            let _token = token;
            resource.close().await.unwrap_or_else(|error| on_error(error));
        });
    }
}

const TAKEN: &str = "it is taken at the end, once";

impl<R: Close> Deref for Tracked<R> {
    type Target = R;
    fn deref(&self) -> &R {
        &self.resource.as_ref().expect(TAKEN).0
    }
}

impl<R: Close> DerefMut for Tracked<R> {
    fn deref_mut(&mut self) -> &mut R {
        &mut self.resource.as_mut().expect(TAKEN).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::forget;
    use std::pin::pin;
    use std::sync::Mutex;
    use std::task::{Context, Poll, Wake, Waker};
    use tokio::runtime::{Builder, Runtime};
    use tokio::time::{Instant, advance, sleep};

    const LIMIT: Duration = Duration::from_secs(5);
    const TAKES: Duration = Duration::from_millis(50);

    type Log = Arc<Mutex<Vec<String>>>;

    struct Resource {
        name: &'static str,
        log: Log,
    }

    impl Close for Resource {
        type Error = String;

        async fn close(self) -> Result<(), String> {
            sleep(TAKES).await;
            self.log.lock().unwrap().push(format!("{} closed", self.name));
            match self.name {
                "failing" => Err("refused".to_string()),
                "panicking" => panic!("on purpose"),
                _ => Ok(()),
            }
        }
    }

    fn cleanups() -> (Cleanups<String>, Log) {
        let log = Log::default();
        let errors = log.clone();
        (Cleanups::new(move |error| errors.lock().unwrap().push(error)), log)
    }

    fn resource(name: &'static str, log: &Log) -> Resource {
        Resource { name, log: log.clone() }
    }

    #[tokio::test(start_paused = true)]
    async fn dropped_ones_are_closed_at_the_same_time_and_waited_for() {
        let (cleanups, log) = cleanups();
        for name in ["a", "b", "c"] {
            drop(cleanups.track(resource(name, &log)));
        }
        let start = Instant::now();
        assert_eq!(cleanups.finish(LIMIT).await, Ok(()));
        assert_eq!(start.elapsed(), TAKES);
        assert_eq!(*log.lock().unwrap(), ["a closed", "b closed", "c closed"]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_still_in_use_is_waited_for() {
        let (cleanups, log) = cleanups();
        let mut used = cleanups.track(resource("used", &log));
        tokio::spawn(async move {
            sleep(LIMIT / 5).await;
            used.name = "renamed";
        });
        let start = Instant::now();
        assert_eq!(cleanups.finish(LIMIT).await, Ok(()));
        assert_eq!(start.elapsed(), LIMIT / 5 + TAKES);
        assert_eq!(*log.lock().unwrap(), ["renamed closed"]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_never_dropped_is_counted_at_the_limit() {
        let (cleanups, log) = cleanups();
        drop(cleanups.track(resource("dropped", &log)));
        forget(cleanups.track(resource("leaked", &log)));
        let start = Instant::now();
        let error = cleanups.finish(LIMIT).await.unwrap_err();
        assert_eq!((error, start.elapsed()), (Unclosed(1), LIMIT));
        assert_eq!(error.to_string(), "1 resources have not been closed");
        assert_eq!(*log.lock().unwrap(), ["dropped closed"]);
    }

    /// A waker that counts as a resource until the wait drops it, in the middle of its next poll.
    struct Last(#[expect(dead_code, reason = "its drop counts")] TaskTrackerToken);

    impl Wake for Last {
        fn wake(self: Arc<Self>) {}
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_closed_just_at_the_limit_is_closed() {
        let (cleanups, _log) = cleanups();
        let last = Waker::from(Arc::new(Last(cleanups.tracker.token())));
        let mut finish = pin!(cleanups.finish(LIMIT));
        assert!(finish.as_mut().poll(&mut Context::from_waker(&last)).is_pending());
        drop(last);
        advance(LIMIT).await;
        // The wait still sees it, and the count does not.
        assert_eq!(cleanups.tracker.len(), 1);
        assert_eq!(finish.await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn close_has_the_error_and_a_drop_tells_it() {
        let (cleanups, log) = cleanups();
        let failing = cleanups.track(resource("failing", &log));
        assert_eq!(failing.close().await.unwrap(), Err("refused".to_string()));
        assert_eq!(*log.lock().unwrap(), ["failing closed"]);
        drop(cleanups.track(resource("failing", &log)));
        assert_eq!(cleanups.finish(LIMIT).await, Ok(()));
        assert_eq!(*log.lock().unwrap(), ["failing closed", "failing closed", "refused"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_close_that_is_dropped_half_way_goes_on() {
        let (cleanups, log) = cleanups();
        let close = cleanups.track(resource("a", &log)).close();
        timeout(TAKES / 2, close).await.unwrap_err();
        assert_eq!(cleanups.finish(LIMIT).await, Ok(()));
        assert_eq!(*log.lock().unwrap(), ["a closed"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_close_that_was_never_polled_is_a_drop() {
        let (cleanups, log) = cleanups();
        drop(cleanups.track(resource("a", &log)).close());
        assert_eq!(cleanups.finish(LIMIT).await, Ok(()));
        assert_eq!(*log.lock().unwrap(), ["a closed"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_reaches_who_closes_and_nobody_waits_for_it() {
        let (cleanups, log) = cleanups();
        let closed = cleanups.track(resource("panicking", &log)).close().await;
        let panic = closed.unwrap_err().into_panic();
        assert_eq!(*panic.downcast::<&str>().unwrap(), "on purpose");
        drop(cleanups.track(resource("panicking", &log)));
        assert_eq!(cleanups.finish(LIMIT).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn it_may_be_dropped_on_a_thread_without_a_runtime() {
        let (cleanups, log) = cleanups();
        let tracked = cleanups.track(resource("a", &log));
        std::thread::spawn(|| drop(tracked)).join().unwrap();
        assert_eq!(cleanups.clone().finish(LIMIT).await, Ok(()));
        assert_eq!(*log.lock().unwrap(), ["a closed"]);
    }

    fn late() -> (Runtime, Tracked<Resource>, Log) {
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let (tracked, log) = runtime.block_on(async {
            let (cleanups, log) = cleanups();
            (cleanups.track(resource("late", &log)), log)
        });
        (runtime, tracked, log)
    }

    #[test]
    fn a_close_that_its_runtime_cuts_off_is_an_error() {
        let mut context = Context::from_waker(Waker::noop());
        for begun in [false, true] {
            let (runtime, tracked, log) = late();
            let mut close = pin!(tracked.close());
            if begun {
                assert!(close.as_mut().poll(&mut context).is_pending());
            }
            drop(runtime);
            let Poll::Ready(end) = close.as_mut().poll(&mut context) else { panic!("it waits") };
            assert!(end.unwrap_err().is_cancelled());
            assert_eq!(log.lock().unwrap().len(), 0);
        }
    }

    #[test]
    fn after_its_runtime_it_is_only_dropped() {
        let (runtime, tracked, log) = late();
        drop(runtime);
        drop(tracked);
        assert_eq!((Arc::strong_count(&log), log.lock().unwrap().len()), (1, 0));
    }
}
