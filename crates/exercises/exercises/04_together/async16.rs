//! Guide 4.5 — A future that is made anew in each round starts anew.
//!
//! `select!` in a loop drops the futures that lost, and with them the time that they have waited.
//! Make a deadline for the whole loop before the loop, and let each round borrow it.
//!
//! Fails first: the test `the_deadline_holds_although_messages_come` fails.

use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::time::sleep;

/// Counts the messages that come within five seconds.
async fn count(mut messages: Receiver<()>) -> u32 {
    let mut count = 0;
    loop {
        tokio::select! {
            Some(()) = messages.recv() => count += 1,
            // TODO: Each message starts this sleep anew.
            () = sleep(Duration::from_secs(5)) => return count,
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
