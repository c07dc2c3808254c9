//! Guide 10.3 — `cancel()` only asks: a worker stops where it awaits `cancelled()`, and cleans up there.

use tokio::task::JoinError;
use tokio::time::{Duration, sleep};
use tokio_util::sync::CancellationToken;

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    // Half a second after the third tick: at 3 s the two would race.
    cancel_after(Duration::from_millis(3500)).await?;
    println!("タスクが正常にキャンセルされました");
    Ok(())
}

/// Returns the number of ticks the worker made before it was cancelled.
async fn cancel_after(delay: Duration) -> Result<u32, JoinError> {
    let token = CancellationToken::new();
    // Cancelled with its parent. The worker holds only the child, so it can cancel nobody else.
    let task = tokio::spawn(work(token.child_token()));

    sleep(delay).await;
    token.cancel();
    // `cancel` does not wait. Only the handle tells that the cleanup is over, or that it panicked.
    task.await
}

/// Works until it is cancelled; an unfinished second of work is dropped.
async fn work(token: CancellationToken) -> u32 {
    let mut ticks = 0;
    loop {
        tokio::select! {
            // Once cancelled, no new tick, even if one is due.
            biased;
            () = token.cancelled() => {
                println!("キャンセルされました。クリーンアップ中...");
                // Release resources here. It may await, since `cancel` drops nothing.
                return ticks;
            }
            () = sleep(Duration::from_secs(1)) => {
                println!("作業中...");
                ticks += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::pin::pin;
    use tokio::time::{Instant, advance};
    use utils::probe::DropLog;

    /// Proves G-10.3-1.
    #[tokio::test(start_paused = true)]
    async fn at_three_and_a_half_seconds_the_worker_has_made_three_ticks() {
        for _ in 0..200 {
            let start = Instant::now();
            assert_eq!(cancel_after(Duration::from_millis(3500)).await.unwrap(), 3);
            assert_eq!(start.elapsed(), Duration::from_millis(3500), "at once, not at 4 s");
        }
    }

    /// The document's program: at 3 s both branches are ready, and `select!` takes a random one.
    /// Proves G-10.3-1.
    #[tokio::test(start_paused = true)]
    async fn at_three_seconds_the_third_tick_is_a_toss_up() {
        let mut seen = [0; 4];
        for _ in 0..200 {
            let token = CancellationToken::new();
            let child = token.child_token();
            let task = tokio::spawn(async move {
                let mut ticks = 0;
                loop {
                    tokio::select! {
                        _ = child.cancelled() => return ticks,
                        _ = sleep(Duration::from_secs(1)) => ticks += 1,
                    }
                }
            });
            sleep(Duration::from_secs(3)).await;
            token.cancel();
            let ticks: usize = task.await.unwrap();
            seen[ticks] += 1;
        }
        // Fails by chance once in 2^199 times.
        assert!(seen[2] > 0 && seen[3] > 0, "{seen:?}");
        assert_eq!(seen[2] + seen[3], 200);
    }

    /// Why `biased` alone does not settle a tie: it orders what one poll finds, not who runs first.
    /// Proves G-10.3-1.
    #[tokio::test(start_paused = true)]
    async fn a_tick_and_a_cancel_at_one_instant_count_in_the_order_of_poll_and_cancel() {
        for (polled_first, ticks) in [(false, 0), (true, 1)] {
            let token = CancellationToken::new();
            let mut worker = pin!(work(token.child_token()));
            assert!(worker.as_mut().now_or_never().is_none());

            advance(Duration::from_secs(1)).await;
            if polled_first {
                assert!(worker.as_mut().now_or_never().is_none());
            }
            token.cancel();
            assert_eq!(worker.await, ticks);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_is_cancelled_before_it_starts_does_nothing() {
        let token = CancellationToken::new();
        token.cancel();
        let start = Instant::now();
        assert_eq!(work(token).await, 0);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    /// Proves G-まとめ-3.
    #[tokio::test(start_paused = true)]
    async fn a_task_that_never_asks_is_never_stopped() {
        let token = CancellationToken::new();
        let task = tokio::spawn({
            let token = token.clone();
            async move {
                sleep(Duration::from_secs(1)).await;
                token.is_cancelled()
            }
        });
        let start = Instant::now();
        token.cancel();
        assert!(task.await.unwrap(), "cancelled, and still it ran to its end");
        assert_eq!(start.elapsed(), Duration::from_secs(1));
    }

    /// An abort lets the task clean up nothing: it is dropped where it stands.
    #[tokio::test(start_paused = true)]
    async fn a_cleanup_may_await_after_a_cancel_and_never_runs_after_an_abort() {
        let log = DropLog::new();
        let spawn = |token: CancellationToken| {
            let log = log.clone();
            tokio::spawn(async move {
                token.cancelled().await;
                sleep(Duration::from_millis(100)).await;
                log.note("cleaned up");
            })
        };

        let token = CancellationToken::new();
        let task = spawn(token.clone());
        let start = Instant::now();
        token.cancel();
        assert_eq!(log.entries(), Vec::<&str>::new(), "`cancel` does not wait");
        task.await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(100));
        assert_eq!(log.entries(), ["cleaned up"]);

        let task = spawn(CancellationToken::new());
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(log.entries(), ["cleaned up"]);
    }

    /// The document ignores this error and reports a normal end.
    #[tokio::test]
    async fn a_worker_that_panicked_is_told_from_one_that_was_cancelled() {
        let token = CancellationToken::new();
        let child = token.child_token();
        let task = tokio::spawn(async move {
            child.cancelled().await;
            panic!("the cleanup failed");
        });
        token.cancel();
        let panic = task.await.unwrap_err().into_panic();
        assert_eq!(panic.downcast_ref(), Some(&"the cleanup failed"));
    }
}
