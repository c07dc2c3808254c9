//! Guide 8.3 — Three steps of 30, 10 and 20 ms, the second of which fails, composed in six ways.

use futures::future::{join_all, try_join_all};
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::time::{Duration, sleep};

// The clock is paused: 10 ms end before 20 ms on any machine.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    // Waits for all three: 30 ms. Each result is checked on its own.
    println!("join!: {:?}", tokio::join!(step(30), step(10), step(20)));

    // The first error, after 10 ms. The others are dropped.
    println!("try_join!: {:?}", tokio::try_join!(step(30), step(10), step(20)));

    // The first result, error or not, after 10 ms. The others are dropped.
    let first = tokio::select! {
        result = step(30) => result,
        result = step(10) => result,
        result = step(20) => result,
    };
    println!("select!: {first:?}");

    // As `join!` and `try_join!`, for any number. Results stand in the order given.
    println!("join_all: {:?}", join_all([30, 10, 20].map(step)).await);
    println!("try_join_all: {:?}", try_join_all([30, 10, 20].map(step)).await);

    // One at a time, in the order of completion.
    let mut steps: FuturesUnordered<_> = [30, 10, 20].into_iter().map(step).collect();
    while let Some(result) = steps.next().await {
        println!("FuturesUnordered: {result:?}");
    }
}

/// Takes this many milliseconds and returns them. The step of 10 ms fails.
async fn step(millis: u64) -> Result<u64, u64> {
    sleep(Duration::from_millis(millis)).await;
    if millis == 10 { Err(millis) } else { Ok(millis) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use tokio::time::Instant;
    use utils::probe::DropLog;

    /// A step that logs whether it finished or was dropped before.
    async fn logged(log: &DropLog, names: [&'static str; 2], millis: u64) -> Result<u64, u64> {
        let [finished, dropped] = names;
        let guard = log.guard(dropped);
        let result = step(millis).await;
        log.note(finished);
        std::mem::forget(guard);
        result
    }

    /// Proves G-8.3-1, G-まとめ-2.
    #[tokio::test(start_paused = true)]
    async fn join_waits_for_all_although_one_has_failed() {
        let start = Instant::now();
        assert_eq!(tokio::join!(step(10), step(200)), (Err(10), Ok(200)));
        assert_eq!(start.elapsed(), Duration::from_millis(200));
    }

    /// Proves G-8.3-2, G-まとめ-2.
    #[tokio::test(start_paused = true)]
    async fn try_join_drops_the_others_at_the_first_error() {
        let (start, log) = (Instant::now(), DropLog::new());
        let result = tokio::try_join!(
            logged(&log, ["30 finished", "30 dropped"], 30),
            logged(&log, ["10 finished", "10 dropped"], 10),
        );
        assert_eq!(result, Err(10));
        assert_eq!(start.elapsed(), Duration::from_millis(10));
        assert_eq!(log.entries(), ["10 finished", "30 dropped"]);
    }

    /// Proves G-8.3-3, G-まとめ-2, D-12-9.
    #[tokio::test(start_paused = true)]
    async fn select_drops_the_others_at_the_first_result() {
        let (start, log) = (Instant::now(), DropLog::new());
        let result = tokio::select! {
            result = logged(&log, ["30 finished", "30 dropped"], 30) => result,
            result = logged(&log, ["20 finished", "20 dropped"], 20) => result,
        };
        assert_eq!(result, Ok(20));
        assert_eq!(start.elapsed(), Duration::from_millis(20));
        assert_eq!(log.entries(), ["20 finished", "30 dropped"]);
    }

    /// Proves G-8.3-3.
    #[tokio::test(start_paused = true)]
    async fn select_does_not_drop_a_future_it_only_borrows() {
        let mut loser = pin!(step(30));
        tokio::select! {
            _ = &mut loser => unreachable!("20 ms come before 30 ms"),
            _ = step(20) => {}
        }
        assert_eq!(loser.await, Ok(30));
    }

    /// Proves G-8.3-4, D-12-9.
    #[tokio::test(start_paused = true)]
    async fn join_all_returns_every_result_in_the_order_given() {
        let start = Instant::now();
        assert_eq!(join_all([30, 10, 20].map(step)).await, [Ok(30), Err(10), Ok(20)]);
        assert_eq!(start.elapsed(), Duration::from_millis(30));
    }

    /// Proves G-8.3-7.
    #[tokio::test(start_paused = true)]
    async fn join_all_and_try_join_all_take_a_vec_or_any_other_iterator() {
        let results = [Ok(30), Ok(20)];
        assert_eq!(join_all(vec![step(30), step(20)]).await, results);
        assert_eq!(join_all([30, 20].into_iter().map(step)).await, results);
        assert_eq!(try_join_all(vec![step(30), step(20)]).await, Ok(vec![30, 20]));
        assert_eq!(try_join_all([30, 20].into_iter().map(step)).await, Ok(vec![30, 20]));
    }

    /// Proves G-8.3-5.
    #[tokio::test(start_paused = true)]
    async fn try_join_all_returns_the_first_error() {
        let start = Instant::now();
        assert_eq!(try_join_all([30, 10, 20].map(step)).await, Err(10));
        assert_eq!(start.elapsed(), Duration::from_millis(10));
    }

    /// Proves G-8.3-6, G-8.3-8.
    #[tokio::test(start_paused = true)]
    async fn futures_unordered_returns_results_in_the_order_of_completion() {
        let start = Instant::now();
        let steps: FuturesUnordered<_> = [30, 10, 20].into_iter().map(step).collect();
        assert_eq!(steps.collect::<Vec<_>>().await, [Err(10), Ok(20), Ok(30)]);
        assert_eq!(start.elapsed(), Duration::from_millis(30));
    }
}
