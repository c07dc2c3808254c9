//! Deep dive 11.3 — A slow receiver of a broadcast loses the oldest messages.
//!
//! `Lagged(n)` says how many messages are lost, and the next `recv` gives the oldest one that is
//! left. A loop that ends with the first error mistakes a gap for the end.
//!
//! Fails first: the test `a_gap_is_counted_and_not_the_end` fails.

use tokio::sync::broadcast::Receiver;

/// Listens until the channel is closed. Returns the messages, and the number of those it lost.
async fn listen(mut messages: Receiver<u32>) -> (Vec<u32>, u64) {
    let mut received = Vec::new();
    // TODO: This stops at the first gap, although more messages come.
    while let Ok(message) = messages.recv().await {
        received.push(message);
    }
    (received, 0)
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
