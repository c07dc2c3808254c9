//! Guide 4.4 — From 31 futures on, `try_join_all` no longer returns the first error at once.

use futures::future::try_join_all;
use futures::stream::{FuturesUnordered, TryStreamExt};
use std::cell::Cell;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    for n in [30, 31] {
        let finished = Cell::new(0);
        let error = try_join_all(requests(n, &finished)).await;
        println!("try_join_all of {n}: {error:?} after {} others", finished.get());
    }

    let finished = Cell::new(0);
    // Results come in the order of completion: carry an index in them if you need another one.
    let unordered: FuturesUnordered<_> = requests(31, &finished).collect();
    let error = unordered.try_collect::<Vec<_>>().await;
    println!("try_collect of 31: {error:?} after {} others", finished.get());
}

/// `n` requests, all started at once: the last fails after 10 ms, the others take 500 ms.
fn requests(
    n: u32,
    finished: &Cell<u32>,
) -> impl Iterator<Item = impl Future<Output = Result<(), &'static str>>> {
    (1..=n).map(move |id| async move {
        if id == n {
            sleep(Duration::from_millis(10)).await;
            return Err("refused");
        }
        sleep(Duration::from_millis(500)).await;
        finished.set(finished.get() + 1);
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::JoinSet;
    use tokio::time::Instant;

    /// Proves G-4.4-3, G-8.3-5.
    #[tokio::test(start_paused = true)]
    async fn thirty_futures_fail_at_once_and_are_cancelled() {
        for n in [1, 29, 30] {
            let (start, finished) = (Instant::now(), Cell::new(0));
            try_join_all(requests(n, &finished)).await.unwrap_err();
            assert_eq!(start.elapsed(), Duration::from_millis(10));
            assert_eq!(finished.get(), 0);
        }
    }

    /// futures 0.3.34 polls more than 30 futures through `FuturesOrdered`, which hands out results
    /// in the order given (rust-lang/futures-rs#2866).
    /// Proves G-4.4-3, G-8.3-5.
    #[tokio::test(start_paused = true)]
    async fn thirty_one_futures_fail_after_every_earlier_one() {
        for n in [31, 40] {
            let (start, finished) = (Instant::now(), Cell::new(0));
            try_join_all(requests(n, &finished)).await.unwrap_err();
            assert_eq!(start.elapsed(), Duration::from_millis(500));
            assert_eq!(finished.get(), n - 1);
        }
    }

    /// Proves G-8.3-5.
    #[tokio::test(start_paused = true)]
    async fn of_two_errors_thirty_one_futures_return_the_first_in_the_order_given() {
        for (n, error, after) in [(30, "last", 10), (31, "first", 50)] {
            let request = |id| async move {
                let (ms, error) = if id == 1 { (50, "first") } else { (10, "last") };
                sleep(Duration::from_millis(ms)).await;
                if id == 1 || id == n { Err(error) } else { Ok(()) }
            };
            let start = Instant::now();
            assert_eq!(try_join_all((1..=n).map(request)).await, Err(error));
            assert_eq!(start.elapsed(), Duration::from_millis(after));
        }
    }

    /// Proves G-4.4-3.
    #[tokio::test(start_paused = true)]
    async fn in_order_of_completion_has_no_such_limit() {
        for n in [30, 31, 1000] {
            let (start, finished) = (Instant::now(), Cell::new(0));
            let unordered: FuturesUnordered<_> = requests(n, &finished).collect();
            unordered.try_collect::<Vec<_>>().await.unwrap_err();
            assert_eq!(start.elapsed(), Duration::from_millis(10));
            assert_eq!(finished.get(), 0);
        }
    }

    /// Proves G-4.4-3.
    #[tokio::test(start_paused = true)]
    async fn a_join_set_has_no_such_limit_either() {
        let start = Instant::now();
        let mut set = JoinSet::new();
        for id in 1..=31 {
            set.spawn(async move {
                sleep(Duration::from_millis(if id == 31 { 10 } else { 50 })).await;
                id
            });
        }
        assert_eq!(set.join_next().await.unwrap().unwrap(), 31);
        assert_eq!(start.elapsed(), Duration::from_millis(10));
    }
}
