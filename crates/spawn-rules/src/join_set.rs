//! Guide FAQ Q4 — A `JoinSet` owns any number of tasks: none is forgotten, and none outlives it.

use tokio::task::{JoinError, JoinSet};
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    println!("{:?}", squares(0..10, 3).await?);
    Ok(())
}

/// The squares in order, with at most `limit` tasks at once.
///
/// Cancel safe: dropped half-way, it aborts its tasks. So does an error.
async fn squares(
    numbers: impl IntoIterator<Item = u64>,
    limit: usize,
) -> Result<Vec<u64>, JoinError> {
    let mut set = JoinSet::new();
    let mut squares = Vec::new();
    for n in numbers {
        if set.len() >= limit
            && let Some(result) = set.join_next().await
        {
            squares.push(result?);
        }
        set.spawn(square(n));
    }
    while let Some(result) = set.join_next().await {
        squares.push(result?);
    }
    // They come in the order of completion.
    squares.sort_unstable();
    Ok(squares)
}

async fn square(n: u64) -> u64 {
    sleep(Duration::from_millis(10)).await;
    n * n
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use tokio::time::Instant;
    use utils::probe::DropLog;

    /// Proves G-Q4-4.
    #[tokio::test(start_paused = true)]
    async fn ten_tasks_three_at_a_time_take_four_rounds() {
        let start = Instant::now();
        let expected: Vec<_> = (0..10).map(|n| n * n).collect();
        assert_eq!(squares(0..10, 3).await.unwrap(), expected);
        assert_eq!(start.elapsed(), Duration::from_millis(40));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_they_take_one() {
        let start = Instant::now();
        squares(0..10, 10).await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(10));
    }

    /// Proves G-4.2-4.
    #[tokio::test]
    async fn a_dropped_set_aborts_its_tasks() {
        let log = DropLog::new();
        let mut set = JoinSet::new();
        for name in ["a", "b"] {
            let guard = log.guard(name);
            set.spawn(async move {
                let _guard = guard;
                pending::<()>().await;
            });
        }
        drop(set);
        tokio::task::yield_now().await;
        let mut dropped = log.entries();
        dropped.sort_unstable();
        assert_eq!(dropped, ["a", "b"]);
    }
}
