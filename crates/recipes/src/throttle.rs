//! Act on an event at once, then not again for a while, and never miss the last one.
//!
//! Progress reports, sensor values and redraws come faster than anybody can read. `throttle` yields
//! the first item at once and then at most one item each period, always the newest; the last item of
//! the stream is always yielded, if need be after the rest of its period.
//!
//! It does not slow the source down: what is overtaken is dropped. To keep every item and delay it,
//! use `tokio_stream::StreamExt::throttle`; to wait until a burst is over, see `debounce`.
//!
//! ```
//! # use recipes::throttle::throttle;
//! use futures::{StreamExt, stream};
//! use std::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! // A percentage every 10 ms, shown every 100 ms.
//! let progress = stream::iter(0..=25).then(|percent| async move {
//!     tokio::time::sleep(Duration::from_millis(10)).await;
//!     percent
//! });
//! let shown: Vec<_> = throttle(progress, Duration::from_millis(100)).collect().await;
//! assert_eq!(shown, [0, 10, 20, 25]);
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use futures::stream::{self, Stream, StreamExt};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// Yields the first item at once, and then the newest, at most one each `period`.
///
/// A period begins when an item is yielded. If none comes within it, the next one is yielded at once.
///
/// # Cancel safety
///
/// Dropping `next()` loses nothing: the item that is held stays in the stream, and its time goes on.
/// Dropping the stream drops the item that is held.
///
/// # Panics
///
/// Polling panics outside a Tokio runtime with time enabled.
pub fn throttle<S: Stream>(stream: S, period: Duration) -> impl Stream<Item = S::Item> + Unpin {
    let stream = Box::pin(stream.fuse());
    let kept = stream::unfold((stream, None), move |(mut stream, shown)| async move {
        let mut newest = stream.next().await?;
        if let Some(shown) = shown {
            newest = newest_until(&mut stream, newest, shown, period).await;
        }
        Some((newest, (stream, Some(Instant::now()))))
    });
    // Boxed so that the caller need not pin it.
    Box::pin(kept.fuse())
}

/// Waits until `period` has passed since `shown` and returns the newest item by then.
async fn newest_until<S: Stream + Unpin>(
    stream: &mut S,
    mut newest: S::Item,
    shown: Instant,
    period: Duration,
) -> S::Item {
    while shown.elapsed() < period {
        // A stream that is always ready must leave the thread to others now and then.
        tokio::task::coop::consume_budget().await;
        let left = period.saturating_sub(shown.elapsed());
        match timeout(left, stream.next()).await {
            Ok(Some(item)) => newest = item,
            Ok(None) => sleep(period.saturating_sub(shown.elapsed())).await,
            Err(_) => break,
        }
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use tokio::sync::mpsc;
    use tokio::time::{advance, sleep_until};

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// Yields each number at that many milliseconds.
    fn at(times: impl IntoIterator<Item = u64>) -> impl Stream<Item = u64> {
        let start = Instant::now();
        stream::iter(times.into_iter().collect::<Vec<_>>()).then(move |time| async move {
            sleep_until(start + ms(time)).await;
            time
        })
    }

    /// The items of a stream, and when they came.
    async fn timed<S: Stream>(stream: S) -> Vec<(S::Item, u128)> {
        let start = Instant::now();
        stream.map(|item| (item, start.elapsed().as_millis())).collect().await
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_comes_at_once_and_then_the_newest_of_each_period() {
        let kept = throttle(at([5, 10, 50, 104, 106, 400, 401]), ms(100));
        // 400 comes after more than a period: at once. 401 is the last: it is not lost.
        assert_eq!(timed(kept).await, [(5, 5), (104, 105), (106, 205), (400, 400), (401, 500)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_who_was_busy_longer_gets_the_newest_there_is_at_once() {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let source = stream::poll_fn(move |cx| receiver.poll_recv(cx));
        let mut kept = throttle(source, ms(100));
        sender.send(0).expect("the stream holds the receiver");
        assert_eq!(kept.next().now_or_never(), Some(Some(0)));
        advance(ms(150)).await;
        for n in 1..=3 {
            sender.send(n).expect("the stream holds the receiver");
        }
        // The period is over: the one that is next, and then the newest of the next period.
        assert_eq!(kept.next().now_or_never(), Some(Some(1)));
        let start = Instant::now();
        assert_eq!((kept.next().await, start.elapsed()), (Some(3), ms(100)));
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_next_neither_loses_the_item_nor_starts_its_time_again() {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let source = stream::poll_fn(move |cx| receiver.poll_recv(cx));
        let mut kept = throttle(source, ms(100));
        sender.send("first").expect("the stream holds the receiver");
        assert_eq!(kept.next().await, Some("first"));
        sender.send("kept").expect("the stream holds the receiver");
        for _ in 0..4 {
            assert_eq!(kept.next().now_or_never(), None);
            advance(ms(24)).await;
        }
        let start = Instant::now();
        assert_eq!((kept.next().await, start.elapsed()), (Some("kept"), ms(4)));
        drop(sender);
        assert_eq!((kept.next().await, kept.next().await), (None, None));
    }

    #[tokio::test]
    async fn a_stream_that_is_always_ready_starves_nobody() {
        let mut endless = throttle(stream::repeat(1), Duration::MAX);
        assert_eq!(endless.next().await, Some(1));
        let reader = tokio::spawn(async move { endless.next().await });
        // One thread: this task runs on only if the reader gives it up.
        tokio::task::yield_now().await;
        reader.abort();
        assert!(reader.await.expect_err("it has nothing to yield").is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn with_no_period_everything_is_kept() {
        assert_eq!(throttle(stream::iter(0..9), Duration::ZERO).count().await, 9);
    }
}
