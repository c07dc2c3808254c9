//! Wait until a burst of events is over, then act once, on the last one.
//!
//! A file that is saved, a window that is resized, a key that is pressed: each gives many events, of
//! which only the last matters. `debounce` yields it as soon as the stream has been quiet for a
//! while; a stream that never is quiet yields its latest item every `max_wait`, and an item that is
//! held when the stream ends is yielded, not lost.
//!
//! It does not slow the source down: what is overtaken is dropped. To act at once and then not again
//! for a while, see `throttle`; to react to every item, see `rate_limit`.
//!
//! ```
//! # use recipes::debounce::debounce;
//! use futures::{StreamExt, stream};
//! use std::time::Duration;
//! use tokio::time::sleep;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let ms = Duration::from_millis;
//! // "h" and "he" follow each other at once, "hello" comes a second later.
//! let keys = stream::iter([("h", 0), ("he", 10), ("hello", 1000)])
//!     .then(|(text, pause)| async move {
//!         sleep(Duration::from_millis(pause)).await;
//!         text
//!     });
//! let searches: Vec<_> = debounce(keys, ms(300), Duration::MAX).collect().await;
//! assert_eq!(searches, ["he", "hello"]);
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use futures::stream::{self, Stream, StreamExt};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Yields the last item of each burst, once no other has followed for `quiet`.
///
/// A burst is cut `max_wait` after its first item, so that endless events cannot hold back the news;
/// `Duration::MAX` means never. With `quiet` zero, what is ready at the same moment is one burst.
///
/// # Cancel safety
///
/// Dropping `next()` loses nothing: the item that is held stays in the stream, and its time goes on.
/// Dropping the stream drops the item that is held.
///
/// # Panics
///
/// Polling panics outside a Tokio runtime with time enabled.
pub fn debounce<S: Stream>(
    stream: S,
    quiet: Duration,
    max_wait: Duration,
) -> impl Stream<Item = S::Item> + Unpin {
    let stream = Box::pin(stream.fuse());
    let bursts = stream::unfold(stream, move |mut stream| async move {
        let mut last = stream.next().await?;
        let began = Instant::now();
        loop {
            // A stream that is always ready must leave the thread to others now and then.
            tokio::task::coop::consume_budget().await;
            let left = max_wait.saturating_sub(began.elapsed());
            match timeout(quiet.min(left), stream.next()).await {
                Ok(Some(item)) => last = item,
                Ok(None) | Err(_) => break,
            }
            // `timeout` looks at the stream first: always ready, it would never time out.
            if began.elapsed() >= max_wait {
                break;
            }
        }
        Some((last, stream))
    });
    // Boxed so that the caller need not pin it.
    Box::pin(bursts.fuse())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::convert::Infallible;
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
    async fn the_last_of_a_burst_comes_when_it_has_been_quiet() {
        let bursts = debounce(at([0, 50, 90, 500, 560]), ms(100), Duration::MAX);
        // The second burst ends with the stream, and does not wait.
        assert_eq!(timed(bursts).await, [(90, 190), (560, 560)]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_endless_burst_is_cut() {
        let bursts = debounce(at((0..=20).map(|n| n * 50)), ms(100), ms(420));
        // Counted from the first item of each burst: 0, 450 and 900.
        assert_eq!(timed(bursts).await, [(400, 420), (850, 870), (1000, 1000)]);
    }

    #[tokio::test(start_paused = true)]
    async fn with_no_quiet_time_what_is_ready_together_is_one_burst() {
        let bursts = debounce(at([0, 0, 0, 10, 10]), Duration::ZERO, Duration::MAX);
        assert_eq!(timed(bursts).await.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_next_neither_loses_the_item_nor_starts_its_time_again() {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let source = stream::poll_fn(move |cx| receiver.poll_recv(cx));
        let mut bursts = debounce(source, ms(100), Duration::MAX);
        sender.send("kept").expect("the stream holds the receiver");
        for _ in 0..4 {
            assert_eq!(bursts.next().now_or_never(), None);
            advance(ms(24)).await;
        }
        let start = Instant::now();
        assert_eq!(bursts.next().await, Some("kept"));
        assert_eq!(start.elapsed(), ms(4));
        drop(sender);
        assert_eq!((bursts.next().await, bursts.next().await), (None, None));
    }

    #[tokio::test]
    async fn a_stream_that_is_always_ready_starves_nobody() {
        let mut endless = debounce(stream::repeat(1), ms(1), Duration::MAX);
        let reader = tokio::spawn(async move { endless.next().await });
        // One thread: this task runs on only if the reader gives it up.
        tokio::task::yield_now().await;
        reader.abort();
        assert!(reader.await.expect_err("it has nothing to yield").is_cancelled());
        let mut cut = debounce(stream::repeat(1), ms(1), ms(5));
        assert_eq!(cut.next().await, Some(1));
    }

    #[tokio::test]
    #[should_panic(expected = "in the source")]
    async fn a_panic_of_the_source_reaches_the_reader() {
        let source =
            stream::poll_fn(|_| -> std::task::Poll<Option<Infallible>> { panic!("in the source") });
        debounce(source, ms(1), ms(1)).next().await;
    }
}
