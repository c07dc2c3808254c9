//! Deep dive 11.3 — A slow receiver of a broadcast loses the oldest messages.

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Listens until the channel is closed. Returns the messages, and the number of those it lost.
async fn listen(mut messages: Receiver<u32>) -> (Vec<u32>, u64) {
    let (mut received, mut lost) = (Vec::new(), 0);
    loop {
        match messages.recv().await {
            Ok(message) => received.push(message),
            // The channel still works: only its oldest messages are gone.
            Err(RecvError::Lagged(number)) => lost += number,
            Err(RecvError::Closed) => return (received, lost),
        }
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use tokio::sync::broadcast;

    #[test]
    fn a_gap_is_counted_and_not_the_end() {
        paused(async {
            let (sender, receiver) = broadcast::channel(4);
            for message in 1..=10 {
                sender.send(message).unwrap();
            }
            drop(sender);
            assert_eq!(listen(receiver).await, (vec![7, 8, 9, 10], 6));
        });
    }
}
