//! Guide 9.3 — A second read of a `RwLock` under the first one hangs once a writer waits between them.

use tokio::sync::RwLock;
use tokio::time::error::Elapsed;
use tokio::time::{Duration, sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

// The clock is paused: an hour in which nothing happens takes no time.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("two reads, a writer between: {:?}", beside_a_writer(two_reads).await);
    println!("one read, passed on: {:?}", beside_a_writer(one_read).await);
}

type Prices = RwLock<Vec<u32>>;

/// Bad. The second read queues behind the writer, and the writer waits for the end of the first.
async fn two_reads(prices: &Prices) -> u32 {
    let all = prices.read().await;
    sleep(2 * SECOND).await;
    let mut sum = 0;
    for item in 0..all.len() {
        sum += price(prices, item).await;
    }
    sum
}

async fn price(prices: &Prices, item: usize) -> u32 {
    prices.read().await[item]
}

/// Good. One guard: what is called gets what it guards.
async fn one_read(prices: &Prices) -> u32 {
    let all = prices.read().await;
    sleep(2 * SECOND).await;
    (0..all.len()).map(|item| price_in(&all, item)).sum()
}

fn price_in(prices: &[u32], item: usize) -> u32 {
    prices[item]
}

/// Reads beside a writer who comes after one second. Returns both results, within an hour.
async fn beside_a_writer(
    read: impl AsyncFnOnce(&Prices) -> u32,
) -> Result<(u32, Vec<u32>), Elapsed> {
    let prices = RwLock::new(vec![10, 20]);
    let write = async {
        sleep(SECOND).await;
        prices.write().await.push(30);
    };
    let (sum, ()) = timeout(3600 * SECOND, async { tokio::join!(read(&prices), write) }).await?;
    Ok((sum, prices.into_inner()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_second_read_behind_a_writer_waits_without_end() {
        let start = Instant::now();
        beside_a_writer(two_reads).await.unwrap_err();
        assert_eq!(start.elapsed(), 3600 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn one_guard_lets_the_writer_in_when_it_ends() {
        let start = Instant::now();
        assert_eq!(beside_a_writer(one_read).await.unwrap(), (30, vec![10, 20, 30]));
        assert_eq!(start.elapsed(), 2 * SECOND);
    }

    /// So it passes every test that has no writer at that moment.
    #[tokio::test(start_paused = true)]
    async fn without_a_writer_between_them_two_reads_end() {
        assert_eq!(two_reads(&RwLock::new(vec![10, 20])).await, 30);
    }

    /// The lock does not know tasks: it does not matter which task reads.
    #[tokio::test(start_paused = true)]
    async fn a_writer_that_waits_keeps_new_readers_out() {
        let prices = Prices::default();
        let first = prices.read().await;
        assert!(prices.try_read().is_ok());
        let mut writer = Box::pin(prices.write());
        assert!(timeout(SECOND, &mut writer).await.is_err());
        assert!(prices.try_read().is_err());
        drop(writer);
        assert!(prices.try_read().is_ok(), "it has left the queue");
        drop(first);
    }
}
