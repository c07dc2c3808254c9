//! Deep dive 16.1 — Under a lock held across `.await`, 100 requests take 100 times as long as one.

use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, sleep};

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("1, 10, 100 requests, one lock across the await: {:?}", each(across_the_await).await);
    println!("1, 10, 100 requests, ten locks across the await: {:?}", each(ten_locks).await);
    println!("1, 10, 100 requests, locked after the await: {:?}", each(after_the_await).await);
}

/// What 1, 10 and 100 requests at once take.
async fn each(all: impl AsyncFn(usize) -> usize) -> [Duration; 3] {
    let mut times = [Duration::ZERO; 3];
    for (time, requests) in times.iter_mut().zip([1, 10, 100]) {
        let start = Instant::now();
        let answered = all(requests).await;
        assert_eq!(answered, requests, "a request has not been counted");
        *time = start.elapsed();
    }
    times
}

/// Wrong: all but one wait in `lock().await`. That is where tokio-console shows them.
async fn across_the_await(requests: usize) -> usize {
    let total = Arc::new(Mutex::new(0));
    let request = async |total: Arc<Mutex<usize>>| {
        let mut total = total.lock().await;
        *total += query().await;
    };
    let all: JoinSet<()> = (0..requests).map(|_| request(Arc::clone(&total))).collect();
    all.join_all().await;
    *total.lock().await
}

/// Better, where the query itself needs what is locked: only those of one shard wait.
async fn ten_locks(requests: usize) -> usize {
    let shards: [_; 10] = std::array::from_fn(|_| Arc::new(Mutex::new(0)));
    let request = async |shard: Arc<Mutex<usize>>| {
        let mut total = shard.lock().await;
        *total += query().await;
    };
    let all: JoinSet<()> = (0..requests).map(|id| request(Arc::clone(&shards[id % 10]))).collect();
    all.join_all().await;
    let mut sum = 0;
    for shard in &shards {
        sum += *shard.lock().await;
    }
    sum
}

/// Right: the lock is held for an addition. Without an `.await` below it, the one of `std` will do.
async fn after_the_await(requests: usize) -> usize {
    let total = Arc::new(std::sync::Mutex::new(0));
    let request = async |total: Arc<std::sync::Mutex<usize>>| {
        let found = query().await;
        // Poisoned only by a panic of a holder; an addition has none.
        *total.lock().unwrap() += found;
    };
    let all: JoinSet<()> = (0..requests).map(|_| request(Arc::clone(&total))).collect();
    all.join_all().await;
    *total.lock().unwrap()
}

/// Takes 1 ms and finds one.
async fn query() -> usize {
    sleep(Duration::from_millis(1)).await;
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(times: [Duration; 3]) -> [u128; 3] {
        times.map(|time| time.as_millis())
    }

    /// Proves D-16-2.
    #[tokio::test(start_paused = true)]
    async fn one_lock_across_the_await_takes_a_millisecond_for_each_request() {
        assert_eq!(milliseconds(each(across_the_await).await), [1, 10, 100]);
    }

    #[tokio::test(start_paused = true)]
    async fn ten_locks_take_a_tenth() {
        assert_eq!(milliseconds(each(ten_locks).await), [1, 1, 10]);
    }

    #[tokio::test(start_paused = true)]
    async fn locked_after_the_await_100_requests_take_as_long_as_one() {
        assert_eq!(milliseconds(each(after_the_await).await), [1, 1, 1]);
    }

    /// Each waits in `lock().await` for all those before it, and for nothing else.
    ///
    /// Proves D-16-2.
    #[tokio::test(start_paused = true)]
    async fn the_lock_is_handed_on_in_the_order_of_asking() {
        let lock = Arc::new(Mutex::new(Vec::new()));
        let start = Instant::now();
        let all: JoinSet<()> = (1..=10)
            .map(|id| {
                let lock = Arc::clone(&lock);
                async move {
                    let mut log = lock.lock().await;
                    query().await;
                    log.push((id, start.elapsed().as_millis()));
                }
            })
            .collect();
        all.join_all().await;
        let one_a_millisecond: Vec<_> = (1..=10).map(|id| (id, id)).collect();
        assert_eq!(*lock.lock().await, one_a_millisecond);
    }
}
