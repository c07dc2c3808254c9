//! Deep dive 11.6 — A `send` that is dropped takes its value along.

use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;

#[derive(Debug, PartialEq)]
struct Order(u32);

/// Sends the order. Gives it back if there is no place within a second, or no receiver.
async fn send(queue: &Sender<Order>, order: Order) -> Result<(), Order> {
    // The time limit drops a wait for a place, and the order is still here. (`send_timeout` of the
    // sender gives its value back, too.)
    match timeout(Duration::from_secs(1), queue.reserve()).await {
        Ok(Ok(permit)) => {
            permit.send(order);
            Ok(())
        }
        _ => Err(order),
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
    fn what_was_not_sent_comes_back() {
        paused(async {
            let (queue, receiver) = mpsc::channel(1);
            assert_eq!(send(&queue, Order(1)).await, Ok(()));
            let start = Instant::now();
            assert_eq!(send(&queue, Order(2)).await, Err(Order(2)));
            assert_eq!(start.elapsed(), Duration::from_secs(1));
            drop(receiver);
            assert_eq!(send(&queue, Order(3)).await, Err(Order(3)), "nobody receives it");
        });
    }

    #[test]
    fn a_place_that_becomes_free_in_time_is_taken() {
        paused(async {
            let (queue, mut receiver) = mpsc::channel(1);
            assert_eq!(send(&queue, Order(1)).await, Ok(()));
            let receiving = tokio::spawn(async move {
                sleep(Duration::from_millis(500)).await;
                (receiver.recv().await, receiver.recv().await)
            });
            assert_eq!(send(&queue, Order(2)).await, Ok(()));
            assert_eq!(receiving.await.unwrap(), (Some(Order(1)), Some(Order(2))));
        });
    }
}
