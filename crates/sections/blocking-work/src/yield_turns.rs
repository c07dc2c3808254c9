//! Deep dive 9.2 — While a task yields, a busy neighbour runs up to 61 times; while it wakes itself, once.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use tokio::task::{JoinError, JoinSet, yield_now};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), JoinError> {
    // In tasks: the future of `main` is polled in another way.
    let turns = tokio::spawn(turns_of_a_neighbour(yield_now)).await?;
    println!("yield_now: a busy neighbour runs {turns}×");
    let turns = tokio::spawn(turns_of_a_neighbour(wake_myself)).await?;
    println!("self-wake: a busy neighbour runs {turns}×");
    Ok(())
}

/// Counts how often a task that is always ready runs during one pause.
async fn turns_of_a_neighbour<F: Future>(pause: impl Fn() -> F) -> usize {
    // When this comes back the driver has just been polled: its interval begins here.
    yield_now().await;
    let turns = Arc::new(AtomicUsize::new(0));
    let mut neighbour = JoinSet::new();
    neighbour.spawn({
        let turns = Arc::clone(&turns);
        async move {
            loop {
                // A counter that orders nothing: `Relaxed` is enough.
                turns.fetch_add(1, Ordering::Relaxed);
                wake_myself().await;
            }
        }
    });
    pause().await;
    turns.load(Ordering::Relaxed)
}

/// Goes to the back of the queue at once.
async fn wake_myself() {
    let mut woken = false;
    poll_fn(|cx| {
        if woken {
            return Poll::Ready(());
        }
        woken = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::runtime::Builder;

    /// Proves D-9-5.
    #[test]
    fn who_yields_beside_a_busy_task_waits_for_the_rest_of_the_interval() {
        for interval in [None, Some(5), Some(100)] {
            let mut builder = Builder::new_current_thread();
            if let Some(interval) = interval {
                builder.event_interval(interval);
            }
            let runtime = builder.build().unwrap();
            let turns = runtime
                .block_on(async { tokio::spawn(turns_of_a_neighbour(yield_now)).await.unwrap() });
            assert_eq!(turns, interval.unwrap_or(61) as usize);
        }
    }

    #[tokio::test]
    async fn who_wakes_itself_lets_each_of_the_others_run_once() {
        assert_eq!(tokio::spawn(turns_of_a_neighbour(wake_myself)).await.unwrap(), 1);
    }
}
