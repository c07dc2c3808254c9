//! Guide 4.4 — `join_all` returns all results in their order; `try_join_all` returns the first error.

use anyhow::Result;
use futures::future::{join_all, try_join_all};
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> Result<()> {
    let results = join_all((1..=10).map(fetch_item)).await;
    for (i, result) in results.iter().enumerate() {
        match result {
            Ok(item) => println!("[{i}] {item}"),
            Err(e) => eprintln!("[{i}] エラー: {e}"),
        }
    }

    let items = try_join_all((1..=3).map(fetch_item)).await?;
    println!("全成功: {items:?}");

    if let Err(e) = try_join_all((1..=10).map(fetch_item)).await {
        eprintln!("エラー: {e}");
    }
    Ok(())
}

async fn fetch_item(id: u32) -> Result<String> {
    sleep(Duration::from_millis(u64::from(id) * 10)).await;
    anyhow::ensure!(id != 5, "アイテム5の取得に失敗");
    Ok(format!("Item#{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;
    use utils::probe::{Polls, allocations};

    /// Proves G-4.4-1.
    #[tokio::test(start_paused = true)]
    async fn join_all_waits_for_all_and_keeps_the_error_in_its_place() {
        let start = Instant::now();
        let results = join_all((1..=10).map(fetch_item)).await;
        assert_eq!(start.elapsed(), Duration::from_millis(100));
        for (i, result) in results.iter().enumerate() {
            match result {
                Ok(item) => assert_eq!(*item, format!("Item#{}", i + 1)),
                Err(_) => assert_eq!(i, 4),
            }
        }
        assert_eq!(results[4].as_ref().unwrap_err().to_string(), "アイテム5の取得に失敗");
    }

    /// Proves G-4.4-2.
    #[tokio::test(start_paused = true)]
    async fn try_join_all_returns_all_items_after_the_slowest() {
        let start = Instant::now();
        let items = try_join_all((1..=3).map(fetch_item)).await.unwrap();
        assert_eq!(items, ["Item#1", "Item#2", "Item#3"]);
        assert_eq!(start.elapsed(), Duration::from_millis(30));
    }

    #[tokio::test(start_paused = true)]
    async fn try_join_all_returns_at_the_first_error() {
        let start = Instant::now();
        let error = try_join_all((1..=10).map(fetch_item)).await.unwrap_err();
        assert_eq!(error.to_string(), "アイテム5の取得に失敗");
        assert_eq!(start.elapsed(), Duration::from_millis(50));
    }

    #[test]
    fn join_all_allocates_where_join_does_not() {
        let cx = &mut std::task::Context::from_waker(std::task::Waker::noop());
        let (count, poll) = allocations(|| {
            let joined = std::pin::pin!(join_all((0..30).map(std::future::ready)));
            joined.poll(cx)
        });
        assert_eq!(poll, std::task::Poll::Ready((0..30).collect()));
        assert_eq!(count, 2, "the futures, and their results");
    }

    /// Up to 30 futures each wake polls every future that is still pending.
    /// Proves D-12-9.
    #[tokio::test(start_paused = true)]
    async fn join_all_of_thirty_polls_them_all_at_each_wake() {
        for (n, expected) in [(10, 65), (30, 495), (31, 62)] {
            let polls = Polls::new();
            let futures = (1..=n).map(|i| polls.of(sleep(Duration::from_millis(i))));
            join_all(futures).await;
            assert_eq!(polls.count(), expected, "{n} futures");
        }
    }
}
