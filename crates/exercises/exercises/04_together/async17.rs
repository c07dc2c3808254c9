//! Guide 4.5 — A future that nobody polls keeps its place in the queue.
//!
//! `select!` on `&mut future` stops polling this future while a handler runs. If the future is
//! first in line for a lock, it gets the lock and does not run, so a handler that wants the same
//! lock waits without end: a futurelock.
//!
//! Fails first: the test `the_handler_gets_the_lock` fails.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::sleep;

async fn add(total: Arc<Mutex<u32>>, amount: u32) {
    *total.lock().await += amount;
}

/// Adds 1. Adds 10 for each second that this takes.
async fn patient(total: Arc<Mutex<u32>>) {
    let mut adding = pin!(add(total.clone(), 1));
    loop {
        tokio::select! {
            () = &mut adding => return,
            // TODO: Nobody polls `adding` while this handler waits, and `adding` is first in line.
            () = sleep(Duration::from_secs(1)) => add(total.clone(), 10).await,
        }
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::time::sleep;

    #[test]
    fn the_handler_gets_the_lock() {
        paused(async {
            let total = Arc::new(Mutex::new(0));
            let held = total.clone().lock_owned().await;
            tokio::spawn(async move {
                sleep(Duration::from_millis(1_500)).await;
                drop(held);
            });
            patient(total.clone()).await;
            assert_eq!(*total.lock().await, 11);
        });
    }
}
