//! Guide 9.1 — `std::thread::sleep` stops the tasks beside it; `tokio::time::sleep` lets them run.

use std::sync::mpsc;
use std::time::Duration;

/// Tens of milliseconds show what five seconds would.
const DELAY: Duration = Duration::from_millis(20);

// One thread for all tasks: while it sleeps, nobody else can run them.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("bad_delay: {}", order_beside(bad_delay()).await);
    println!("good_delay: {}", order_beside(good_delay()).await);
}

/// Keeps the thread: the runtime gets it back only after the delay.
async fn bad_delay() {
    std::thread::sleep(DELAY);
}

/// Gives the thread back at `.await` and is woken by the timer.
async fn good_delay() {
    tokio::time::sleep(DELAY).await;
}

/// Returns what comes first: the end of `delay`, or a task that was ready before it began.
async fn order_beside(delay: impl Future<Output = ()>) -> String {
    let (log, entries) = mpsc::channel();
    let neighbour = {
        let log = log.clone();
        tokio::spawn(async move { log.send("他のタスク") })
    };
    delay.await;
    log.send("delay").expect("`entries` outlives every send");
    let _ = neighbour.await;
    drop(log);
    entries.iter().collect::<Vec<_>>().join(" → ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;
    use tokio::task::JoinSet;
    use tokio::time::Instant;

    /// Proves G-9.1-1.
    #[tokio::test]
    async fn a_blocking_sleep_ends_before_its_neighbour_starts() {
        assert_eq!(order_beside(bad_delay()).await, "delay → 他のタスク");
    }

    /// Proves G-9.1-5.
    #[tokio::test(start_paused = true)]
    async fn an_async_sleep_lets_its_neighbour_run() {
        assert_eq!(order_beside(good_delay()).await, "他のタスク → delay");
    }

    /// An `.await` alone is no courtesy: what is ready does not give way.
    #[tokio::test]
    async fn awaiting_a_ready_future_does_not_let_the_neighbour_run() {
        assert_eq!(order_beside(ready(())).await, "delay → 他のタスク");
    }

    /// The paused clock does not see a blocking sleep: the runtime learns nothing of it.
    #[tokio::test(start_paused = true)]
    async fn only_the_async_sleep_moves_the_virtual_clock() {
        let start = Instant::now();
        bad_delay().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        good_delay().await;
        assert_eq!(start.elapsed(), DELAY);
    }

    /// Proves G-9.1-5.
    #[tokio::test(start_paused = true)]
    async fn a_thousand_async_sleeps_take_as_long_as_one() {
        let start = Instant::now();
        let half_a_second = || tokio::time::sleep(Duration::from_millis(500));
        let sleeps: JoinSet<()> = (0..1_000).map(|_| half_a_second()).collect();
        assert_eq!(sleeps.join_all().await.len(), 1_000);
        assert_eq!(start.elapsed(), Duration::from_millis(500));
    }
}
