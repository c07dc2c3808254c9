//! Run a future for each item of a stream, a limited number at a time.
//!
//! One task or request an item exhausts sockets, memory, or the other side's patience. Here at most
//! `limit` futures exist at any time, and an item leaves the stream only when there is room for it.
//! All futures run on the caller's task: they may borrow from it, and they take turns on one thread.
//!
//! `futures` has the combinators. This file uses them so that their two traps are shut: a limit of
//! zero, which means "no limit" to one and "wait without end" to another, and a loop body that
//! awaits while nobody polls the futures that run, so that their timeouts strike and their locks
//! stay locked.
//!
//! It does not limit two calls together: for that, let each future hold a permit of one
//! `tokio::sync::Semaphore`. It does not use several cores: for that, spawn tasks.
//!
//! ```
//! # use recipes::limit_concurrency::for_each_limited;
//! use std::num::NonZeroUsize;
//! use std::time::Duration;
//! use tokio::time::{Instant, sleep};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let start = Instant::now();
//! let two = NonZeroUsize::new(2).unwrap();
//! for_each_limited(futures::stream::iter(0..5), two, |_| sleep(Duration::from_secs(1))).await;
//! // Three rounds: two, two and one.
//! assert_eq!(start.elapsed(), Duration::from_secs(3));
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use futures::stream::{Stream, StreamExt, TryStreamExt};
use std::future::Future;
use std::num::NonZeroUsize;

/// Runs `work` for each item, at most `limit` at a time, until all have ended.
///
/// # Cancel safety
///
/// Dropping the future drops everything that runs, at its current `.await`. An item whose work has
/// begun is lost with it; items that are still in the stream stay there.
///
/// # Panics
///
/// A panic of the stream or of `work` reaches the caller, and drops the other futures.
pub async fn for_each_limited<S, F, Fut>(stream: S, limit: NonZeroUsize, work: F)
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future<Output = ()>,
{
    stream.for_each_concurrent(limit.get(), work).await;
}

/// Runs `work` for each item, at most `limit` at a time, until all have ended or one has failed.
///
/// # Errors
///
/// Returns the first error, at once: the other futures are dropped, and no further item is taken.
///
/// # Cancel safety
///
/// As [`for_each_limited`].
///
/// # Panics
///
/// As [`for_each_limited`].
pub async fn try_for_each_limited<S, F, Fut, E>(
    stream: S,
    limit: NonZeroUsize,
    work: F,
) -> Result<(), E>
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future<Output = Result<(), E>>,
{
    stream.map(Ok).try_for_each_concurrent(limit.get(), work).await
}

/// Runs `work` for each item, at most `limit` at a time, and returns the results in the order of
/// the items.
///
/// It collects, instead of returning a stream, so that no loop body of yours can keep the futures
/// from being polled. A slow item holds its place: behind it, at most `limit - 1` results wait.
///
/// # Cancel safety
///
/// As [`for_each_limited`]. The results so far are dropped too.
///
/// # Panics
///
/// As [`for_each_limited`].
pub async fn map_limited<S, F, Fut>(stream: S, limit: NonZeroUsize, work: F) -> Vec<Fut::Output>
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future,
{
    stream.map(work).buffered(limit.get()).collect().await
}

/// Runs `work` for each item, at most `limit` at a time, and returns the results in the order of
/// the items, or the first error.
///
/// # Errors
///
/// Returns the first error in time, as soon as it comes up, whatever its place in the order. The
/// other futures are dropped, and no further item is taken.
///
/// # Cancel safety
///
/// As [`map_limited`].
///
/// # Panics
///
/// As [`for_each_limited`].
pub async fn try_map_limited<S, F, Fut, T, E>(
    stream: S,
    limit: NonZeroUsize,
    mut work: F,
) -> Result<Vec<T>, E>
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let numbered = stream.enumerate().map(|(index, item)| {
        let result = work(item);
        async move { result.await.map(|value| (index, value)) }
    });
    let mut values: Vec<(usize, T)> = numbered.buffer_unordered(limit.get()).try_collect().await?;
    values.sort_unstable_by_key(|&(index, _)| index);
    Ok(values.into_iter().map(|(_, value)| value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;
    use std::cell::Cell;
    use std::time::Duration;
    use tokio::sync::Mutex;
    use tokio::time::{Instant, sleep, timeout};

    const SECOND: Duration = Duration::from_secs(1);

    fn limit(limit: usize) -> NonZeroUsize {
        NonZeroUsize::new(limit).expect("the tests ask for more than zero")
    }

    /// Counts futures that have begun and are not dropped.
    #[derive(Default)]
    struct Gauge {
        running: Cell<usize>,
        peak: Cell<usize>,
        done: Cell<usize>,
    }

    impl Gauge {
        fn enter(&self) -> Running<'_> {
            self.running.set(self.running.get() + 1);
            self.peak.set(self.peak.get().max(self.running.get()));
            Running(self)
        }
    }

    struct Running<'a>(&'a Gauge);

    impl Drop for Running<'_> {
        fn drop(&mut self) {
            self.0.running.set(self.0.running.get() - 1);
            self.0.done.set(self.0.done.get() + 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_limit_is_reached_and_never_passed() {
        let gauge = Gauge::default();
        let start = Instant::now();
        for_each_limited(stream::iter(0..10), limit(4), |_| async {
            let _running = gauge.enter();
            sleep(SECOND).await;
        })
        .await;
        assert_eq!((gauge.peak.get(), gauge.done.get()), (4, 10));
        assert_eq!(start.elapsed(), 3 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn an_item_is_taken_only_when_there_is_room() {
        let taken = Cell::new(0);
        let items = stream::iter(0..10).inspect(|_| taken.set(taken.get() + 1));
        let all = for_each_limited(items, limit(3), |_| std::future::pending());
        timeout(SECOND, all).await.expect_err("nothing ever ends");
        assert_eq!(taken.get(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_call_drops_what_runs() {
        let gauge = Gauge::default();
        let all = for_each_limited(stream::iter(0..10), limit(3), |_| async {
            let _running = gauge.enter();
            sleep(4 * SECOND).await;
        });
        timeout(SECOND, all).await.expect_err("it needs 16 s");
        assert_eq!((gauge.running.get(), gauge.done.get()), (0, 3));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_error_ends_it_at_once_and_drops_the_others() {
        let gauge = Gauge::default();
        let start = Instant::now();
        let result = try_for_each_limited(stream::iter(1..=10), limit(3), |item: u32| {
            let gauge = &gauge;
            async move {
                let _running = gauge.enter();
                sleep(item * SECOND).await;
                if item == 2 { Err(item) } else { Ok(()) }
            }
        })
        .await;
        assert_eq!((result, start.elapsed()), (Err(2), 2 * SECOND));
        // 1 was replaced by 4.
        assert_eq!((gauge.running.get(), gauge.done.get()), (0, 4));
    }

    #[tokio::test(start_paused = true)]
    async fn results_come_in_the_order_of_the_items() {
        let delays = [3, 1, 2, 0];
        let start = Instant::now();
        let results = map_limited(stream::iter(delays), limit(4), |delay| async move {
            sleep(delay * SECOND).await;
            delay
        })
        .await;
        assert_eq!((results, start.elapsed()), (delays.to_vec(), 3 * SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_behind_a_slow_item_does_not_wait_for_it() {
        let start = Instant::now();
        let work = |delay: u32| async move {
            sleep(delay * SECOND).await;
            if delay == 1 { Err("failed") } else { Ok(delay) }
        };
        assert_eq!(try_map_limited(stream::iter([60, 1]), limit(2), work).await, Err("failed"));
        assert_eq!(start.elapsed(), SECOND);
        let all = try_map_limited(stream::iter([3, 0, 2]), limit(3), work).await;
        assert_eq!(all, Ok(vec![3, 0, 2]));
    }

    #[tokio::test(start_paused = true)]
    async fn futures_that_queue_for_one_lock_go_on_while_another_awaits() {
        let lock = Mutex::new(0);
        let start = Instant::now();
        for_each_limited(stream::iter(0..4), limit(4), |_| async {
            *lock.lock().await += 1;
            sleep(SECOND).await;
            *lock.lock().await += 1;
        })
        .await;
        assert_eq!((*lock.lock().await, start.elapsed()), (8, SECOND));
    }

    #[tokio::test]
    #[should_panic(expected = "in the work")]
    async fn a_panic_reaches_the_caller() {
        for_each_limited(stream::iter(0..2), limit(2), |_| async { panic!("in the work") }).await;
    }

    #[tokio::test]
    async fn an_empty_stream_is_no_work() {
        let none = stream::empty::<()>();
        assert_eq!(map_limited(none, limit(1), std::future::ready).await, []);
    }
}
