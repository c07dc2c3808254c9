//! Guide FAQ Q4 — A `JoinSet` owns any number of tasks: it forgets none, and none outlives it.

use tokio::task::{JoinError, JoinSet};
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    println!("{:?}", squares(0..10, 3).await?);
    Ok(())
}

/// The squares in the order of the numbers, with at most `limit` tasks at once; 0 counts as 1.
///
/// Dropped half-way or ended by an error, it leaves no task behind, since the set aborts them.
async fn squares(
    numbers: impl IntoIterator<Item = u64>,
    limit: usize,
) -> Result<Vec<u64>, JoinError> {
    let mut set = JoinSet::new();
    let mut squares = Vec::new();
    for (i, n) in numbers.into_iter().enumerate() {
        while set.len() >= limit {
            let Some(result) = set.join_next().await else { break };
            squares.push(result?);
        }
        set.spawn(async move { (i, square(n).await) });
    }
    while let Some(result) = set.join_next().await {
        squares.push(result?);
    }
    // They come in the order of completion.
    squares.sort_unstable_by_key(|(i, _)| *i);
    Ok(squares.into_iter().map(|(_, square)| square).collect())
}

async fn square(n: u64) -> u64 {
    sleep(Duration::from_millis(10)).await;
    n * n
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use tokio::runtime::Handle;
    use tokio::time::{Instant, timeout};
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

    #[tokio::test(start_paused = true)]
    async fn a_limit_of_0_counts_as_1() {
        for limit in [0, 1] {
            let start = Instant::now();
            assert_eq!(squares(1..4, limit).await.unwrap(), [1, 4, 9]);
            assert_eq!(start.elapsed(), Duration::from_millis(30));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn squares_come_in_the_order_of_the_numbers() {
        assert_eq!(squares([3, 1, 2], 3).await.unwrap(), [9, 1, 4]);
    }

    #[tokio::test(start_paused = true)]
    async fn dropped_half_way_it_leaves_no_task_behind() {
        let alive = || Handle::current().metrics().num_alive_tasks();
        let mut half = Box::pin(squares(0..10, 3));
        timeout(Duration::from_millis(15), &mut half).await.unwrap_err();
        assert_eq!(alive(), 3);
        drop(half);
        tokio::task::yield_now().await;
        assert_eq!(alive(), 0);
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
