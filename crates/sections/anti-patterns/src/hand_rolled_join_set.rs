//! Deep dive 12.5 — A vector of handles joins in spawn order, a `JoinSet` in the order of completion.

use std::sync::{Arc, Mutex};
use tokio::task::{JoinError, JoinHandle, JoinSet};
use tokio::time::{Duration, Instant, sleep_until};

// On one thread even late timers fire in the order of their deadlines, so the tasks end in it.
#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), JoinError> {
    println!("手作り: {:?}", joined_by_hand(Instant::now(), [30, 10, 20]).await?);
    println!("JoinSet: {:?}", joined_by_set(Instant::now(), [30, 10, 20]).await);
    Ok(())
}

/// Has its first result after 30 ms: each waits behind every handle before it.
async fn joined_by_hand(start: Instant, delays: [u64; 3]) -> Result<Vec<u64>, JoinError> {
    let tasks: Arc<Mutex<Vec<JoinHandle<u64>>>> = Arc::default();
    for ms in delays {
        // Poisoned only if another holder panicked, and neither `push` nor `take` does.
        tasks.lock().unwrap().push(tokio::spawn(work(start, ms)));
    }
    let mut results = Vec::new();
    // Taken out under the lock, awaited without it.
    let handles = std::mem::take(&mut *tasks.lock().unwrap());
    for handle in handles {
        results.push(handle.await?);
    }
    Ok(results)
}

/// Has its first result after 10 ms, and no lock.
async fn joined_by_set(start: Instant, delays: [u64; 3]) -> Vec<u64> {
    delays.into_iter().map(|ms| work(start, ms)).collect::<JoinSet<_>>().join_all().await
}

async fn work(start: Instant, ms: u64) -> u64 {
    sleep_until(start + Duration::from_millis(ms)).await;
    ms
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::sleep;

    #[tokio::test(start_paused = true)]
    async fn handles_are_joined_in_the_order_of_spawning() {
        assert_eq!(joined_by_hand(Instant::now(), [30, 10, 20]).await.unwrap(), [30, 10, 20]);
    }

    /// Proves G-4.2-2, D-12-12.
    #[tokio::test(start_paused = true)]
    async fn a_set_is_joined_in_the_order_of_completion() {
        let start = Instant::now();
        assert_eq!(joined_by_set(start, [30, 10, 20]).await, [10, 20, 30]);
        assert_eq!(start.elapsed(), Duration::from_millis(30));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_handle_in_the_vector_delays_the_others() {
        let start = Instant::now();
        let handles = [30, 10, 20].map(|ms| tokio::spawn(work(start, ms)));
        let mut seen = Vec::new();
        for handle in handles {
            seen.push((handle.await.unwrap(), start.elapsed().as_millis()));
        }
        assert_eq!(seen, [(30, 30), (10, 30), (20, 30)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_set_delivers_each_result_when_it_is_there() {
        let start = Instant::now();
        let mut set: JoinSet<_> = [30, 10, 20].into_iter().map(|ms| work(start, ms)).collect();
        let mut seen = Vec::new();
        while let Some(result) = set.join_next().await {
            seen.push((result.unwrap(), start.elapsed().as_millis()));
        }
        assert_eq!(seen, [(10, 10), (20, 20), (30, 30)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_set_reports_a_panic_at_once() {
        let mut set = JoinSet::new();
        set.spawn(sleep(Duration::from_secs(1)));
        set.spawn(async { panic!("on purpose") });
        let start = Instant::now();
        assert!(set.join_next().await.unwrap().unwrap_err().is_panic());
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
