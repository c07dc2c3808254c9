//! Deep dive 16.1 — Each request that fails half-way keeps its place: 100 are fast, the next waits.

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Duration, Instant, sleep, timeout};

/// As many connections as the pool may have open.
const PLACES: usize = 100;
/// How long a request waits for a place before it gives up. Without a limit it would hang.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("given back by hand: {}", latencies(by_hand).await);
    println!("held by a guard: {}", latencies(by_guard).await);
}

/// Of 101 requests to one pool, one after the other.
async fn latencies(request: impl AsyncFn(&Pool) -> Result<(), Failure>) -> String {
    let pool = Pool(Semaphore::new(PLACES));
    let mut latencies = Vec::new();
    for _ in 0..=PLACES {
        let start = Instant::now();
        // That it fails is the point: what counts is when.
        let _ = request(&pool).await;
        latencies.push(start.elapsed());
    }
    let [first, hundredth, next] = [0, 99, 100].map(|index| latencies[index]);
    format!("request 1 took {first:?}, request 100 {hundredth:?}, request 101 {next:?}")
}

/// Wrong: between the two calls there are ways out, each `?` and each `.await`.
async fn by_hand(pool: &Pool) -> Result<(), Failure> {
    pool.take().await?;
    query().await?;
    pool.give_back();
    Ok(())
}

/// Right: there is no way out that does not drop the guard.
async fn by_guard(pool: &Pool) -> Result<(), Failure> {
    let _place = pool.place().await?;
    query().await
}

/// Fails after 10 ms, as when the client has gone.
async fn query() -> Result<(), Failure> {
    sleep(Duration::from_millis(10)).await;
    Err(Failure::ClientGone)
}

/// It hands out places; the connections themselves make no difference here.
struct Pool(Semaphore);

impl Pool {
    async fn take(&self) -> Result<(), Failure> {
        self.place().await?.forget();
        Ok(())
    }

    fn give_back(&self) {
        self.0.add_permits(1);
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>, Failure> {
        let place = timeout(PATIENCE, self.0.acquire()).await.map_err(|_| Failure::NoPlace)?;
        Ok(place.expect("this semaphore is never closed"))
    }
}

#[derive(Debug)]
enum Failure {
    ClientGone,
    NoPlace,
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let pool = Pool(Semaphore::new(PLACES));
        for _ in 0..PLACES {
            assert!(matches!(by_hand(&pool).await, Err(Failure::ClientGone)));
        }
        assert!(matches!(by_hand(&pool).await, Err(Failure::NoPlace)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_request_costs_one_place_by_hand_and_none_by_guard() {
        let pool = Pool(Semaphore::new(PLACES));
        by_guard(&pool).await.unwrap_err();
        assert_eq!(pool.0.available_permits(), PLACES);
        by_hand(&pool).await.unwrap_err();
        assert_eq!(pool.0.available_permits(), PLACES - 1);
    }

    /// The way out that no line of the function shows.
    #[tokio::test(start_paused = true)]
    async fn a_cancelled_request_costs_one_place_by_hand_and_none_by_guard() {
        let pool = Pool(Semaphore::new(PLACES));
        let soon = Duration::from_millis(5);
        timeout(soon, by_guard(&pool)).await.unwrap_err();
        assert_eq!(pool.0.available_permits(), PLACES);
        timeout(soon, by_hand(&pool)).await.unwrap_err();
        assert_eq!(pool.0.available_permits(), PLACES - 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_taken_and_given_back_is_not_lost() {
        let pool = Pool(Semaphore::new(PLACES));
        for _ in 0..=PLACES {
            pool.take().await.unwrap();
            pool.give_back();
        }
        assert_eq!(pool.0.available_permits(), PLACES);
    }
}
