//! Guide 10.2 — A stream can keep several futures going.

use futures::{Stream, StreamExt};

/// Fetches the pages, three at the same time, and returns them in the order of the stream.
async fn pages<F>(numbers: impl Stream<Item = u32>, fetch: impl FnMut(u32) -> F) -> Vec<String>
where
    F: Future<Output = String>,
{
    // `map` only makes futures. `buffered` polls up to three of them, all in the same task.
    numbers.map(fetch).buffered(3).collect().await
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::cell::Cell;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    #[test]
    fn three_at_a_time_and_in_order() {
        paused(async {
            let (start, open, most) = (Instant::now(), &Cell::new(0), &Cell::new(0));
            let fetch = |number: u32| async move {
                open.set(open.get() + 1);
                most.set(open.get().max(most.get()));
                sleep(Duration::from_secs(4 - u64::from(number % 3))).await;
                open.set(open.get() - 1);
                format!("page {number}")
            };
            let pages = pages(futures::stream::iter(1..=4), fetch).await;
            assert_eq!(pages, ["page 1", "page 2", "page 3", "page 4"]);
            assert_eq!(most.get(), 3);
            // Less, if a page begins as soon as any other ends: one after the other takes twelve.
            assert!(start.elapsed() <= Duration::from_secs(6), "it took {:?}", start.elapsed());
        });
    }
}
