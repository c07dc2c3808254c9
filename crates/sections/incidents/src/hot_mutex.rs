//! Deep dive 16.1 — Under a lock held across `.await`, 100 requests take 100 times as long as one.

use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, sleep};

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("1, 10, 100 requests, one lock across the await: {:?}", times(1, across).await);
    println!("1, 10, 100 requests, ten locks across the await: {:?}", times(10, across).await);
    println!("1, 10, 100 requests, locked after the await: {:?}", times(1, after).await);
}

/// Measures 1, 10 and 100 requests at once, which share `locks` totals among them.
async fn times<F>(locks: usize, request: impl Fn(Arc<Mutex<usize>>) -> F) -> [Duration; 3]
where
    F: Future<Output = ()> + Send + 'static,
{
    let totals: Vec<_> = (0..locks).map(|_| Arc::default()).collect();
    let mut times = [Duration::ZERO; 3];
    for (time, requests) in times.iter_mut().zip([1, 10, 100]) {
        let start = Instant::now();
        let all = (0..requests).map(|id| request(Arc::clone(&totals[id % locks])));
        all.collect::<JoinSet<_>>().join_all().await;
        *time = start.elapsed();
    }
    times
}

/// Wrong: all requests but one wait in `lock().await`, where tokio-console shows them.
async fn across(total: Arc<Mutex<usize>>) {
    let mut total = total.lock().await;
    *total += query().await;
}

/// Right: it holds the lock for an addition. The `Mutex` of `std` would do here.
async fn after(total: Arc<Mutex<usize>>) {
    let found = query().await;
    *total.lock().await += found;
}

/// Finds one, after 1 ms.
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
        assert_eq!(milliseconds(times(1, across).await), [1, 10, 100]);
    }

    #[tokio::test(start_paused = true)]
    async fn ten_locks_take_a_tenth() {
        assert_eq!(milliseconds(times(10, across).await), [1, 1, 10]);
    }

    #[tokio::test(start_paused = true)]
    async fn locked_after_the_await_100_requests_take_as_long_as_one() {
        assert_eq!(milliseconds(times(1, after).await), [1, 1, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn no_request_is_lost() {
        let total = Arc::default();
        let all = (0..100).map(|id| {
            let total = Arc::clone(&total);
            async move { if id % 2 == 0 { across(total).await } else { after(total).await } }
        });
        all.collect::<JoinSet<_>>().join_all().await;
        assert_eq!(*total.lock().await, 100);
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
