//! Deep dive 11.6 — A `select!` handler that wants a lock for which a kept future queues never ends.

use std::pin::pin;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::time::error::Elapsed;
use tokio::time::{Duration, sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

// The clock is paused: an hour in which nothing happens takes no time.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    let log = busy_log().await;
    println!(
        "a kept future and the handler: {:?}",
        race(pin!(write(log.clone(), "first")), log).await
    );
    let log = busy_log().await;
    println!(
        "a task and the handler: {:?}",
        race(tokio::spawn(write(log.clone(), "first")), log).await
    );
}

type Log = Arc<Mutex<Vec<&'static str>>>;

/// Returns a log that somebody else has locked for two seconds.
async fn busy_log() -> Log {
    let log = Log::default();
    let held = log.clone().lock_owned().await;
    tokio::spawn(async move {
        sleep(2 * SECOND).await;
        drop(held);
    });
    log
}

async fn write(log: Log, what: &'static str) {
    log.lock().await.push(what);
}

/// Returns what the two have written, in its order.
async fn race(mut first: impl Future + Unpin, log: Log) -> Result<Vec<&'static str>, Elapsed> {
    let both = async {
        tokio::select! {
            _ = &mut first => return,
            // `first` came first, so the lock goes to it. A task takes it and goes on. A future that
            // this task keeps is not polled, since this task is here, and waits for the same lock.
            () = sleep(SECOND) => write(log.clone(), "handler").await,
        }
        first.await;
    };
    timeout(3600 * SECOND, both).await?;
    Ok(log.lock().await.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use tokio::sync::Semaphore;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_kept_future_and_a_handler_that_want_one_lock_wait_without_end() {
        let (start, log) = (Instant::now(), busy_log().await);
        race(pin!(write(log.clone(), "first")), log.clone()).await.unwrap_err();
        // One second until the handler begins is part of the hour.
        assert_eq!(start.elapsed(), 3600 * SECOND);
        assert!(log.lock().await.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_is_polled_while_the_handler_waits() {
        let (start, log) = (Instant::now(), busy_log().await);
        let first = tokio::spawn(write(log.clone(), "first"));
        assert_eq!(race(first, log).await.unwrap(), ["first", "handler"]);
        assert_eq!(start.elapsed(), 2 * SECOND);
    }

    /// Nobody works under the lock, and it is not free.
    #[tokio::test(start_paused = true)]
    async fn the_lock_has_been_given_to_the_future_that_nobody_polls() {
        let log = busy_log().await;
        let mut first = pin!(write(log.clone(), "first"));
        assert!((&mut first).now_or_never().is_none());
        sleep(3 * SECOND).await;
        assert!(log.try_lock().is_err());
        assert!((&mut first).now_or_never().is_some(), "one poll is enough");
        assert_eq!(*log.try_lock().unwrap(), ["first"]);
    }

    /// `select!` drops a future that it owns before it runs the handler.
    #[tokio::test(start_paused = true)]
    async fn a_future_that_select_drops_passes_the_lock_on() {
        let log = busy_log().await;
        let both = async {
            tokio::select! {
                () = write(log.clone(), "first") => {}
                () = sleep(SECOND) => write(log.clone(), "handler").await,
            }
        };
        timeout(3600 * SECOND, both).await.unwrap();
        assert_eq!(*log.lock().await, ["handler"]);
    }

    #[tokio::test(start_paused = true)]
    async fn permits_of_a_semaphore_are_queued_for_in_the_same_way() {
        let permits = Semaphore::new(1);
        let other = permits.acquire().await.unwrap();
        let mut first = pin!(permits.acquire());
        let both = async {
            tokio::select! {
                _ = &mut first => {}
                () = sleep(SECOND) => {
                    drop(other);
                    let _permit = permits.acquire().await;
                }
            }
        };
        timeout(3600 * SECOND, both).await.unwrap_err();
    }
}
