//! Deep dive 11.1 — `close` refuses new messages; messages that were already sent still arrive.

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::SendError;

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let (tx, mut rx) = mpsc::channel(32);
    tx.send("msg 0").await?;
    tx.send("msg 1").await?;

    rx.close();
    match tx.send("msg 2").await {
        Err(SendError(message)) => println!("turned away: {message}"),
        Ok(()) => anyhow::bail!("a closed channel has taken a message"),
    }

    // This ends although `tx` lives: nothing can follow what is in the queue.
    while let Some(message) = rx.recv().await {
        println!("received: {message}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::pin::pin;
    use tokio::sync::mpsc::error::TrySendError;

    #[tokio::test]
    async fn a_closed_channel_delivers_its_queue_and_then_ends() {
        let (tx, mut rx) = mpsc::channel(32);
        tx.send("msg 0").await.unwrap();
        tx.send("msg 1").await.unwrap();
        rx.close();
        assert_eq!(tx.send("msg 2").await, Err(SendError("msg 2")));
        assert_eq!(tx.try_send("msg 2"), Err(TrySendError::Closed("msg 2")));
        assert_eq!(rx.recv().await, Some("msg 0"));
        assert_eq!(rx.recv().await, Some("msg 1"));
        assert_eq!(rx.recv().await, None);
    }

    #[tokio::test]
    async fn a_send_that_waits_for_room_gets_its_message_back() {
        let (tx, mut rx) = mpsc::channel(1);
        tx.send("msg 0").await.unwrap();
        let mut waiting = pin!(tx.send("msg 1"));
        assert!(waiting.as_mut().now_or_never().is_none());
        rx.close();
        assert_eq!(waiting.now_or_never(), Some(Err(SendError("msg 1"))));
        assert_eq!(rx.recv().await, Some("msg 0"));
        assert_eq!(rx.recv().await, None);
    }

    /// A permit is a promise: the end waits until it is used or given back.
    #[tokio::test]
    async fn a_permit_from_before_still_sends() {
        let (tx, mut rx) = mpsc::channel(2);
        let used = tx.reserve().await.unwrap();
        let unused = tx.reserve().await.unwrap();
        rx.close();
        assert_eq!(rx.recv().now_or_never(), None);
        used.send("msg 0");
        assert_eq!(rx.recv().now_or_never(), Some(Some("msg 0")));
        assert_eq!(rx.recv().now_or_never(), None);
        drop(unused);
        assert_eq!(rx.recv().now_or_never(), Some(None));
    }

    #[tokio::test]
    async fn a_sender_can_wait_for_the_receiver_to_go() {
        for close in [true, false] {
            let (tx, mut rx) = mpsc::channel::<()>(1);
            assert_eq!(tx.closed().now_or_never(), None);
            assert!(!tx.is_closed());
            if close {
                rx.close()
            } else {
                drop(rx)
            }
            assert_eq!(tx.closed().now_or_never(), Some(()));
            assert!(tx.is_closed());
        }
    }
}
