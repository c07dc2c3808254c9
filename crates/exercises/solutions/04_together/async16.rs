//! Guide 4.5 — A future that is made anew in each round starts anew.

use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::time::sleep;

/// Counts the messages that come within five seconds.
async fn count(mut messages: Receiver<()>) -> u32 {
    let mut count = 0;
    // Each round polls the same sleep: `select!` drops a borrow of it, not the sleep.
    let mut deadline = pin!(sleep(Duration::from_secs(5)));
    loop {
        tokio::select! {
            Some(()) = messages.recv() => count += 1,
            () = &mut deadline => return count,
        }
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::sync::mpsc;
    use tokio::time::{Instant, sleep};

    #[test]
    fn the_deadline_holds_although_messages_come() {
        paused(async {
            let (sender, receiver) = mpsc::channel(1);
            tokio::spawn(async move {
                for _ in 0..10 {
                    sleep(Duration::from_secs(2)).await;
                    let _ = sender.send(()).await;
                }
            });
            let start = Instant::now();
            assert_eq!(count(receiver).await, 2);
            assert_eq!(start.elapsed(), Duration::from_secs(5));
        });
    }
}
