//! Deep dive 11.1 — A bounded queue makes a fast sender wait.

use tokio::sync::mpsc::{Receiver, channel};

type Numbers = Receiver<u32>;

/// Sends 1 to 10, and calls `sent` after each. At most two wait in the queue.
fn numbers(sent: impl Fn(u32) + Send + 'static) -> Numbers {
    let (sender, receiver) = channel(2);
    tokio::spawn(async move {
        for number in 1..=10 {
            // `send` waits for a place. It fails if the receiver is gone.
            if sender.send(number).await.is_err() {
                return;
            }
            sent(number);
        }
    });
    receiver
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;
    use tokio::time::sleep;

    #[test]
    fn the_sender_is_never_more_than_two_ahead() {
        paused(async {
            let last = Arc::new(AtomicU32::new(0));
            let sent = Arc::clone(&last);
            let mut numbers = numbers(move |number| sent.store(number, Ordering::Relaxed));
            for received in 0..10 {
                sleep(Duration::from_secs(1)).await;
                assert_eq!(last.load(Ordering::Relaxed), 10.min(received + 2));
                assert_eq!(numbers.recv().await, Some(received + 1));
            }
            assert_eq!(numbers.recv().await, None);
        });
    }
}
