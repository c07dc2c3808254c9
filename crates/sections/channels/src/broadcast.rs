//! Deep dive 11.3 — Each subscriber gets every value that is sent after it has subscribed.

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, SendError};

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let (tx, early) = broadcast::channel(16);
    println!("first to {}", tx.send("first")?);
    let late = tx.subscribe();
    println!("second to {}", tx.send("second")?);
    drop(tx);
    println!("early: {:?}", receive_all(early).await?);
    println!("late: {:?}", receive_all(late).await?);

    let (tx, only) = broadcast::channel(16);
    drop(only);
    if let Err(SendError(value)) = tx.send("third") {
        println!("to nobody: {value}");
    }
    Ok(())
}

/// Fails if values were lost; to go on in spite of it, do not use `?`.
async fn receive_all<T: Clone>(mut rx: broadcast::Receiver<T>) -> Result<Vec<T>, RecvError> {
    let mut received = Vec::new();
    loop {
        match rx.recv().await {
            Ok(value) => received.push(value),
            Err(RecvError::Closed) => return Ok(received),
            Err(lagged) => return Err(lagged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Proves D-11-5.
    #[tokio::test]
    async fn a_subscriber_gets_only_what_is_sent_after_it_subscribed() {
        let (tx, early) = broadcast::channel(16);
        assert_eq!(tx.send("first").unwrap(), 1);
        let late = tx.subscribe();
        let again = early.resubscribe();
        assert_eq!(tx.send("second").unwrap(), 3);
        drop(tx);
        assert_eq!(receive_all(early).await.unwrap(), ["first", "second"]);
        assert_eq!(receive_all(late).await.unwrap(), ["second"]);
        assert_eq!(receive_all(again).await.unwrap(), ["second"]);
    }

    #[tokio::test]
    async fn without_a_subscriber_send_fails_and_the_value_is_lost_to_later_ones() {
        let (tx, rx) = broadcast::channel(16);
        drop(rx);
        let SendError(value) = tx.send("to nobody").unwrap_err();
        assert_eq!(value, "to nobody");
        let mut late = tx.subscribe();
        assert_eq!(late.recv().now_or_never(), None);
        assert_eq!(tx.send("to one").unwrap(), 1);
        assert_eq!(late.recv().await, Ok("to one"));
    }

    #[tokio::test]
    async fn a_subscriber_that_leaves_takes_nothing_from_the_others() {
        let (tx, stays) = broadcast::channel(16);
        let leaves = tx.subscribe();
        tx.send("first").unwrap();
        drop(leaves);
        assert_eq!(tx.send("second").unwrap(), 1);
        drop(tx);
        assert_eq!(receive_all(stays).await.unwrap(), ["first", "second"]);
    }

    /// Counts how often it is cloned.
    struct Value(Arc<AtomicUsize>);

    impl Clone for Value {
        fn clone(&self) -> Self {
            self.0.fetch_add(1, Ordering::SeqCst);
            Self(self.0.clone())
        }
    }

    /// A large value is better sent in an `Arc`.
    #[tokio::test]
    async fn each_subscriber_costs_a_clone_of_the_value() {
        let clones = Arc::new(AtomicUsize::new(0));
        let (tx, mut first) = broadcast::channel(16);
        let (mut second, mut third) = (tx.subscribe(), tx.subscribe());
        tx.send(Value(clones.clone())).ok().unwrap();
        assert_eq!(clones.load(Ordering::SeqCst), 0, "none to send it");
        for rx in [&mut first, &mut second, &mut third] {
            rx.recv().await.ok().unwrap();
        }
        assert_eq!(clones.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_sender_never_waits() {
        let (tx, _rx) = broadcast::channel(1);
        for i in 0..100_000 {
            assert_eq!(tx.send(i).unwrap(), 1);
        }
    }

    #[test]
    #[should_panic = "broadcast channel capacity cannot be zero"]
    fn a_channel_without_room_panics() {
        drop(broadcast::channel::<()>(0));
    }
}
