//! Deep dive 11.1 — An `mpsc` channel keeps the order of sending and ends with its last sender.

use tokio::sync::mpsc;

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let (tx, mut rx) = mpsc::channel::<String>(32);
    // The task owns the only sender. One more, kept here, and the loop below would never end.
    let sender = tokio::spawn(send_ten(tx));

    while let Some(msg) = rx.recv().await {
        println!("{msg}");
    }
    // A sender that panicked ends the loop just as one that is done: its handle knows which.
    sender.await??;
    Ok(())
}

/// Fails once the receiver has gone.
async fn send_ten(tx: mpsc::Sender<String>) -> anyhow::Result<()> {
    for i in 0..10 {
        tx.send(format!("msg {i}")).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc::error::{SendError, TryRecvError};
    use tokio::time::{Duration, timeout};
    use utils::probe::DropLog;

    async fn receive_all<T>(mut rx: mpsc::Receiver<T>) -> Vec<T> {
        let mut received = Vec::new();
        while let Some(message) = rx.recv().await {
            received.push(message);
        }
        received
    }

    /// Proves D-11-1.
    #[tokio::test]
    async fn ten_messages_arrive_in_the_order_of_sending() {
        let (tx, rx) = mpsc::channel(32);
        let sender = tokio::spawn(send_ten(tx));
        let expected = [
            "msg 0", "msg 1", "msg 2", "msg 3", "msg 4", "msg 5", "msg 6", "msg 7", "msg 8",
            "msg 9",
        ];
        assert_eq!(receive_all(rx).await, expected);
        sender.await.unwrap().unwrap();
    }

    /// Between senders no order is promised; within each there is one.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_messages_of_each_of_several_senders_keep_their_order() {
        let (tx, rx) = mpsc::channel(1);
        for sender in 0..4 {
            let tx = tx.clone();
            tokio::spawn(async move {
                for i in 0..100 {
                    tx.send((sender, i)).await.unwrap();
                }
            });
        }
        drop(tx);
        let received = receive_all(rx).await;
        for sender in 0..4 {
            let own: Vec<_> = received.iter().filter(|m| m.0 == sender).map(|m| m.1).collect();
            assert_eq!(own, Vec::from_iter(0..100));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_kept_by_the_receiving_task_keeps_it_waiting_for_ever() {
        let (tx, rx) = mpsc::channel(32);
        let _kept = tx.clone();
        tokio::spawn(send_ten(tx));
        timeout(Duration::from_secs(3600), receive_all(rx)).await.unwrap_err();
    }

    #[tokio::test]
    async fn a_weak_sender_does_not_keep_the_channel_open() {
        let (tx, rx) = mpsc::channel::<()>(32);
        let weak = tx.downgrade();
        assert!(weak.upgrade().is_some());
        drop(tx);
        assert!(weak.upgrade().is_none());
        assert_eq!(receive_all(rx).await, []);
    }

    #[tokio::test]
    async fn a_queue_that_is_empty_is_told_from_one_that_has_ended() {
        let (tx, mut rx) = mpsc::channel::<()>(32);
        assert_eq!(rx.try_recv(), Err(TryRecvError::Empty));
        drop(tx);
        assert_eq!(rx.try_recv(), Err(TryRecvError::Disconnected));
    }

    #[tokio::test]
    async fn a_message_for_a_receiver_that_has_gone_comes_back() {
        let (tx, rx) = mpsc::channel(32);
        drop(rx);
        assert_eq!(tx.send("msg 0".to_string()).await, Err(SendError("msg 0".to_string())));
        let error = send_ten(tx).await.unwrap_err();
        assert_eq!(error.to_string(), "channel closed");
    }

    /// A successful `send` means queued, not received.
    #[tokio::test]
    async fn a_dropped_receiver_drops_what_is_in_the_queue() {
        let log = DropLog::new();
        let (tx, rx) = mpsc::channel(32);
        tx.send(log.guard("msg 0")).await.ok().unwrap();
        tx.send(log.guard("msg 1")).await.ok().unwrap();
        drop(rx);
        assert_eq!(log.entries(), ["msg 0", "msg 1"]);
        assert!(tx.is_closed());
    }
}
