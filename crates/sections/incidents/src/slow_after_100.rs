//! Deep dive 16.1 — Each request that fails half-way keeps its place: 100 are fast, the next one waits.
//!
//! To take to work: `cargo run -- copy pool`.

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Duration, Instant, sleep, timeout};

/// Without a limit, a request that finds no place would hang.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("given back by hand: {}", latencies(by_hand).await);
    println!("held by a guard: {}", latencies(by_guard).await);
}

/// Sends 101 requests to a pool of 100 places, one after the other.
async fn latencies(request: impl AsyncFn(&Semaphore) -> Result<(), Failure>) -> String {
    let pool = Semaphore::new(100);
    let mut latencies = Vec::new();
    for _ in 0..101 {
        let start = Instant::now();
        // Each request fails, which is the point: the latency counts.
        let _ = request(&pool).await;
        latencies.push(start.elapsed());
    }
    let [first, hundredth, next] = [0, 99, 100].map(|index| latencies[index]);
    format!("request 1 took {first:?}, request 100 {hundredth:?}, request 101 {next:?}")
}

/// Wrong: each `?` and each `.await` between the two calls is a way out that keeps the place.
async fn by_hand(pool: &Semaphore) -> Result<(), Failure> {
    place(pool).await?.forget();
    query().await?;
    pool.add_permits(1);
    Ok(())
}

/// Right: every way out drops the guard.
async fn by_guard(pool: &Semaphore) -> Result<(), Failure> {
    let _place = place(pool).await?;
    query().await
}

async fn place(pool: &Semaphore) -> Result<SemaphorePermit<'_>, Failure> {
    let place = timeout(PATIENCE, pool.acquire()).await.map_err(|_| Failure::NoPlace)?;
    Ok(place.expect("nobody closes this semaphore"))
}

async fn query() -> Result<(), Failure> {
    sleep(Duration::from_millis(10)).await;
    Err(Failure::ClientGone)
}

#[derive(Debug)]
enum Failure {
    ClientGone,
    NoPlace,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: usize = 100;

    #[tokio::test(start_paused = true)]
    async fn given_back_by_hand_100_requests_are_fast_and_the_next_waits_30_seconds() {
        let expected = "request 1 took 10ms, request 100 10ms, request 101 30s";
        assert_eq!(latencies(by_hand).await, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn held_by_a_guard_request_101_is_as_fast_as_the_first() {
        let expected = "request 1 took 10ms, request 100 10ms, request 101 10ms";
        assert_eq!(latencies(by_guard).await, expected);
    }

    /// A log shows it in this order: the cause 100 times, and only then the symptom.
    #[tokio::test(start_paused = true)]
    async fn the_first_100_fail_for_their_own_reason_and_the_next_for_want_of_a_place() {
        let pool = Semaphore::new(PLACES);
        for _ in 0..PLACES {
            assert!(matches!(by_hand(&pool).await, Err(Failure::ClientGone)));
        }
        assert!(matches!(by_hand(&pool).await, Err(Failure::NoPlace)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_request_costs_one_place_by_hand_and_none_by_guard() {
        let pool = Semaphore::new(PLACES);
        by_guard(&pool).await.unwrap_err();
        assert_eq!(pool.available_permits(), PLACES);
        by_hand(&pool).await.unwrap_err();
        assert_eq!(pool.available_permits(), PLACES - 1);
    }

    /// The way out that no line of the function shows.
    #[tokio::test(start_paused = true)]
    async fn a_cancelled_request_costs_one_place_by_hand_and_none_by_guard() {
        let pool = Semaphore::new(PLACES);
        let soon = Duration::from_millis(5);
        timeout(soon, by_guard(&pool)).await.unwrap_err();
        assert_eq!(pool.available_permits(), PLACES);
        timeout(soon, by_hand(&pool)).await.unwrap_err();
        assert_eq!(pool.available_permits(), PLACES - 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_taken_and_given_back_is_not_lost() {
        let pool = Semaphore::new(PLACES);
        for _ in 0..=PLACES {
            place(&pool).await.unwrap().forget();
            pool.add_permits(1);
        }
        assert_eq!(pool.available_permits(), PLACES);
    }
}
