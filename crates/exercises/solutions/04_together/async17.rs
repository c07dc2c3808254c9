//! Guide 4.5 — A future that nobody polls keeps its place in the queue.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::sleep;

async fn add(total: Arc<Mutex<u32>>, amount: u32) {
    *total.lock().await += amount;
}

/// Adds 1. Adds 10 for each second that this takes.
async fn patient(total: Arc<Mutex<u32>>) {
    // The runtime polls this task even while the handler waits. The task takes the lock and gives it
    // back.
    let mut adding = tokio::spawn(add(total.clone(), 1));
    loop {
        tokio::select! {
            added = &mut adding => return added.expect("it does not panic"),
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
