//! Spread the items of a stream over tasks, and bring the results together again.
//!
//! Work on one task uses one core, and stops while the code that reads its results awaits something
//! else. Here each item runs in a task of its own, at most `limit` at a time, and the results come
//! as a stream: in the order of the items, or as they complete. Results that nobody has read count
//! towards the limit, so a slow reader slows the input down instead of filling the memory.
//!
//! It is `map(spawn)` and `buffered` of `futures`, with `tokio_util`'s `AbortOnDropHandle` so that
//! no task outlives the stream. A blocking or endless computation inside a task cannot be aborted.
//!
//! ```
//! # use recipes::fan_out::in_order;
//! use futures::{StreamExt, stream};
//! use std::num::NonZeroUsize;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), tokio::task::JoinError> {
//! let four = NonZeroUsize::new(4).unwrap();
//! let mut squares = in_order(stream::iter(1..=5), four, |n| async move { n * n });
//! let mut sum = 0;
//! while let Some(square) = squares.next().await {
//!     sum += square?;
//! }
//! assert_eq!(sum, 55);
//! # Ok(())
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use futures::stream::{Stream, StreamExt};
use std::future::Future;
use std::num::NonZeroUsize;
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

/// Runs `work` for each item in a task of its own and yields the results in the order of the items.
///
/// A slow item holds up the results behind it, of which at most `limit - 1` wait. The input is read
/// only while the stream is polled: while the caller handles one result, the tasks that have begun
/// go on, and no new one begins.
///
/// # Errors
///
/// An item whose task panics yields the [`JoinError`] with the panic; the others go on.
///
/// # Cancel safety
///
/// Dropping `next()` loses nothing. Dropping the stream aborts the tasks that run and forgets the
/// results that were not read; to end without losing work, read the stream to its end.
///
/// # Panics
///
/// Polling panics outside a Tokio runtime, and if the input stream or `work` itself (before it
/// returns its future) panics.
pub fn in_order<S, F, Fut>(
    items: S,
    limit: NonZeroUsize,
    work: F,
) -> impl Stream<Item = Result<Fut::Output, JoinError>> + Unpin
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future + Send + 'static,
    Fut::Output: Send + 'static,
{
    // Boxed so that the caller need not pin it.
    Box::pin(spawn_each(items, work).buffered(limit.get()).fuse())
}

/// Runs `work` for each item in a task of its own and yields each result as soon as it is there.
///
/// Errors, cancel safety and panics are those of [`in_order`].
///
/// # Example
///
/// ```
/// use futures::{StreamExt, stream};
/// use recipes::fan_out::as_completed;
/// use std::num::NonZeroUsize;
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// let three = NonZeroUsize::new(3).unwrap();
/// let mut done = as_completed(stream::iter([3, 1, 2]), three, |secs| async move {
///     tokio::time::sleep(Duration::from_secs(secs)).await;
///     secs
/// });
/// let mut order = Vec::new();
/// while let Some(secs) = done.next().await {
///     order.push(secs?);
/// }
/// assert_eq!(order, [1, 2, 3]);
/// # Ok(())
/// # }
/// ```
pub fn as_completed<S, F, Fut>(
    items: S,
    limit: NonZeroUsize,
    work: F,
) -> impl Stream<Item = Result<Fut::Output, JoinError>> + Unpin
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future + Send + 'static,
    Fut::Output: Send + 'static,
{
    Box::pin(spawn_each(items, work).buffer_unordered(limit.get()).fuse())
}

/// Spawns when the item is taken, not when its handle is first polled.
fn spawn_each<S, F, Fut>(
    items: S,
    mut work: F,
) -> impl Stream<Item = AbortOnDropHandle<Fut::Output>>
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future + Send + 'static,
    Fut::Output: Send + 'static,
{
    items.map(move |item| AbortOnDropHandle::new(tokio::spawn(work(item))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use futures::stream;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::sync::Barrier;
    use tokio::time::{Instant, sleep, timeout};

    const SECOND: Duration = Duration::from_secs(1);

    fn limit(limit: usize) -> NonZeroUsize {
        NonZeroUsize::new(limit).expect("the tests ask for more than zero")
    }

    async fn after(secs: u32) -> u32 {
        sleep(secs * SECOND).await;
        secs
    }

    #[tokio::test(start_paused = true)]
    async fn in_order_keeps_the_order_and_as_completed_the_time() {
        let delays = [3, 1, 2];
        let start = Instant::now();
        let ordered: Vec<_> = in_order(stream::iter(delays), limit(3), after)
            .map(|r| r.expect("no panic"))
            .collect()
            .await;
        assert_eq!((ordered, start.elapsed()), (vec![3, 1, 2], 3 * SECOND));

        let start = Instant::now();
        let mut completed = as_completed(stream::iter(delays), limit(3), after);
        for expected in [1, 2, 3] {
            let secs = completed.next().await.expect("three").expect("no panic");
            assert_eq!((secs, start.elapsed()), (expected, expected * SECOND));
        }
        assert!(completed.next().await.is_none());
        assert!(completed.next().await.is_none(), "the end stays the end");
    }

    #[tokio::test(start_paused = true)]
    async fn tasks_go_on_while_the_reader_is_busy_and_no_more_than_the_limit_begin() {
        let begun = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&begun);
        let start = Instant::now();
        let mut results = as_completed(stream::iter(0..6), limit(2), move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            sleep(SECOND)
        });
        results.next().await.expect("six").expect("no panic");
        sleep(10 * SECOND).await;
        assert_eq!(begun.load(Ordering::Relaxed), 2);
        // The second ended long ago: it takes no time now.
        results.next().await.expect("six").expect("no panic");
        assert_eq!(start.elapsed(), 11 * SECOND);
        assert_eq!(results.count().await, 4);
        assert_eq!((start.elapsed(), begun.load(Ordering::Relaxed)), (13 * SECOND, 6));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_items_run_at_the_same_time_on_two_threads() {
        // Blocks its thread until the other is there.
        let both = Arc::new(std::sync::Barrier::new(2));
        let results = as_completed(stream::iter(0..2), limit(2), move |_| {
            let both = Arc::clone(&both);
            async move { both.wait().is_leader() }
        });
        let leaders: Vec<_> = results.map(|r| r.expect("no panic")).collect().await;
        assert_eq!(leaders.iter().filter(|&&leader| leader).count(), 1);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_in_its_place_and_the_others_go_on() {
        let results: Vec<_> = in_order(stream::iter(0..3), limit(3), |n| async move {
            assert_ne!(n, 1, "one is bad");
            n
        })
        .collect()
        .await;
        let [Ok(0), Err(panic), Ok(2)] = &results[..] else { panic!("{results:?}") };
        assert!(panic.is_panic() && panic.to_string().contains("one is bad"), "{panic}");
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_stream_aborts_its_tasks() {
        let (alive, mut gone) = tokio::sync::mpsc::channel::<()>(1);
        let mut results = in_order(stream::iter(0..2), limit(2), move |_| {
            let alive = alive.clone();
            async move {
                let _alive = alive;
                std::future::pending::<()>().await;
            }
        });
        timeout(SECOND, results.next()).await.expect_err("nothing ends");
        assert!(gone.recv().now_or_never().is_none());
        drop(results);
        // Ends when the last sender is dropped: those of the closure and of both tasks.
        assert_eq!(gone.recv().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_next_half_way_loses_no_result() {
        let barrier = Arc::new(Barrier::new(2));
        let inner = Arc::clone(&barrier);
        let mut results = in_order(stream::iter(["a", "b"]), limit(2), move |name| {
            let barrier = Arc::clone(&inner);
            async move {
                if name == "a" {
                    barrier.wait().await;
                }
                name
            }
        });
        for _ in 0..3 {
            assert!(results.next().now_or_never().is_none());
        }
        barrier.wait().await;
        let all: Vec<_> = results.map(|r| r.expect("no panic")).collect().await;
        assert_eq!(all, ["a", "b"]);
    }
}
