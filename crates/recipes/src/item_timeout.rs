//! Give up on a stream that has stopped giving items.
//!
//! A feed, a socket or a subscription can stay open and silent: `next()` then waits without end, and a
//! timeout around the whole stream cuts off one that is merely long. Here the time between two items
//! is limited. It counts from the moment when the reader asks for the next item, so a reader who was
//! busy does not make an innocent source late, as with `tokio_stream::StreamExt::timeout`, whose
//! clock runs on meanwhile.
//!
//! It does not limit the whole: a stream with an item now and then may go on without end.
//!
//! ```
//! # use recipes::item_timeout::item_timeout;
//! use futures::{StreamExt, TryStreamExt, stream};
//! use std::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let feed = stream::iter([1, 2]).chain(stream::pending());
//! let mut feed = item_timeout(feed, Duration::from_secs(30));
//! assert_eq!(feed.try_next().await, Ok(Some(1)));
//! assert_eq!(feed.try_next().await, Ok(Some(2)));
//! let silence = feed.try_next().await.unwrap_err();
//! assert_eq!(silence.to_string(), "the stream gave no item for 30s");
//! assert_eq!(feed.try_next().await, Ok(None));
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use futures::stream::{self, Stream, StreamExt};
use std::time::Duration;
use tokio::time::timeout;

/// No item came in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stream gave no item for {limit:?}")]
pub struct ItemTimeout {
    /// How long the reader waited.
    pub limit: Duration,
}

/// Yields the items of `stream`; if one takes longer than `limit`, yields an error and ends.
///
/// The source is dropped together with the error, so that its connection closes.
///
/// # Errors
///
/// [`ItemTimeout`] as the last item. An item that is there counts as in time, whatever the clock says.
///
/// # Cancel safety
///
/// Dropping `next()`, as `select!` does, loses no item, and the time goes on from where it was: other
/// branches cannot keep a dead stream alive.
///
/// # Panics
///
/// Polling panics outside a Tokio runtime with time enabled.
pub fn item_timeout<S: Stream>(
    stream: S,
    limit: Duration,
) -> impl Stream<Item = Result<S::Item, ItemTimeout>> + Unpin {
    let items = stream::unfold(Some(Box::pin(stream)), move |stream| async move {
        let mut stream = stream?;
        match timeout(limit, stream.next()).await {
            Ok(Some(item)) => Some((Ok(item), Some(stream))),
            Ok(None) => None,
            Err(_) => Some((Err(ItemTimeout { limit }), None)),
        }
    });
    // Boxed so that the caller need not pin it.
    Box::pin(items.fuse())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{FutureExt, TryStreamExt};
    use std::sync::Arc;
    use tokio::sync::mpsc;
    use tokio::time::{Instant, advance, sleep};

    const SECOND: Duration = Duration::from_secs(1);
    const SILENT: ItemTimeout = ItemTimeout { limit: SECOND };

    /// Yields a number after each of these pauses.
    fn after<const N: usize>(pauses: [u32; N]) -> impl Stream<Item = u32> {
        stream::iter(pauses).then(|pause| async move {
            sleep(Duration::from_millis(pause.into())).await;
            pause
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_stream_whose_items_are_in_time_passes() {
        let start = Instant::now();
        let items: Vec<_> =
            item_timeout(after([999; 5]), SECOND).try_collect().await.expect("in time");
        assert_eq!((items.len(), start.elapsed()), (5, 5 * Duration::from_millis(999)));
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_an_error_then_the_end_and_the_source_is_dropped() {
        let source = Arc::new(());
        let held = Arc::clone(&source);
        let silent = after([10, 2000]).inspect(move |_| _ = &held);
        let mut items = item_timeout(silent, SECOND);
        assert_eq!(items.next().await, Some(Ok(10)));
        let start = Instant::now();
        assert_eq!(items.next().await, Some(Err(SILENT)));
        assert_eq!((start.elapsed(), Arc::strong_count(&source)), (SECOND, 1));
        assert_eq!((items.next().await, items.next().await), (None, None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_reader_does_not_make_the_source_late() {
        let mut items = item_timeout(after([0, 900, 900]), SECOND);
        assert_eq!(items.next().await, Some(Ok(0)));
        sleep(60 * SECOND).await;
        assert_eq!(items.next().await, Some(Ok(900)));
        sleep(60 * SECOND).await;
        assert_eq!((items.next().await, items.next().await), (Some(Ok(900)), None));
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_next_loses_no_item_and_gives_no_new_time() {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let mut items = item_timeout(stream::poll_fn(move |cx| receiver.poll_recv(cx)), SECOND);
        for _ in 0..3 {
            assert_eq!(items.next().now_or_never(), None);
            advance(SECOND / 4).await;
        }
        sender.send("kept").expect("the stream holds the receiver");
        assert_eq!(items.next().now_or_never(), Some(Some(Ok("kept"))));
        for _ in 0..3 {
            assert_eq!(items.next().now_or_never(), None);
            advance(SECOND / 4).await;
        }
        let start = Instant::now();
        assert_eq!(items.next().await, Some(Err(SILENT)));
        assert_eq!(start.elapsed(), SECOND / 4);
    }

    #[tokio::test(start_paused = true)]
    async fn with_no_time_only_what_is_there_passes() {
        let all = item_timeout(stream::iter([1, 2]).chain(stream::pending()), Duration::ZERO);
        let items: Vec<_> = all.collect().await;
        let silent = ItemTimeout { limit: Duration::ZERO };
        assert_eq!(items, [Ok(1), Ok(2), Err(silent)]);
    }
}
