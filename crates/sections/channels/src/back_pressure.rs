//! Deep dive 11.1 — A full channel suspends the sending task; its thread runs other tasks.

use std::thread;
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep};

// One thread: had `send` blocked it, the receiver could never make room.
#[tokio::main(flavor = "current_thread")]
pub async fn main() -> anyhow::Result<()> {
    let (tx, rx) = mpsc::channel(1);
    tx.send("first").await?;
    if let Err(error) = tx.try_send("second") {
        println!("try_send: {error}");
    }

    let receiver = tokio::spawn(receive_late(rx));
    let start = Instant::now();
    tx.send("second").await?;
    println!("send: waited for room: {}", start.elapsed() >= Duration::from_millis(100));

    drop(tx);
    let (thread, received) = receiver.await?;
    println!("received on the same thread: {}", thread == thread::current().id());
    println!("received: {received:?}");
    Ok(())
}

/// Everything sent, from 100 ms on, and the thread that has received it.
async fn receive_late(
    mut rx: mpsc::Receiver<&'static str>,
) -> (thread::ThreadId, Vec<&'static str>) {
    sleep(Duration::from_millis(100)).await;
    let mut received = Vec::new();
    while let Some(message) = rx.recv().await {
        received.push(message);
    }
    (thread::current().id(), received)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::pin::pin;
    use std::task::Context;
    use tokio::sync::mpsc::error::{SendTimeoutError, TrySendError};
    use utils::probe::{CountingWaker, DropLog, Polls};

    /// Proves D-11-2.
    #[tokio::test(start_paused = true)]
    async fn a_send_that_waits_ends_with_the_first_recv_at_100_ms() {
        let (tx, rx) = mpsc::channel(1);
        let (start, polls) = (Instant::now(), Polls::new());
        tx.send("first").await.unwrap();
        assert_eq!(start.elapsed(), Duration::ZERO);
        let receiver = tokio::spawn(receive_late(rx));
        polls.of(tx.send("second")).await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(100));
        assert_eq!(polls.count(), 2, "once to queue, once when there is room: it does not spin");
        drop(tx);
        let (thread, received) = receiver.await.unwrap();
        assert_eq!(thread, thread::current().id());
        assert_eq!(received, ["first", "second"]);
    }

    #[tokio::test(start_paused = true)]
    async fn other_tasks_run_while_a_send_waits() {
        let (tx, rx) = mpsc::channel(1);
        tx.send("first").await.unwrap();
        let receiver = tokio::spawn(receive_late(rx));
        let neighbour = tokio::spawn(async {
            for _ in 0..6 {
                sleep(Duration::from_millis(15)).await;
            }
            Instant::now()
        });
        let start = Instant::now();
        tx.send("second").await.unwrap();
        assert!(neighbour.is_finished());
        assert_eq!(neighbour.await.unwrap() - start, Duration::from_millis(90));
        drop(tx);
        receiver.await.unwrap();
    }

    #[tokio::test]
    async fn thirty_two_fit_and_the_next_one_waits() {
        let (tx, mut rx) = mpsc::channel(32);
        for i in 0..32 {
            assert_eq!(tx.capacity(), 32 - i);
            assert_eq!(tx.send(i).now_or_never(), Some(Ok(())));
        }
        assert_eq!((tx.capacity(), tx.max_capacity(), rx.len()), (0, 32, 32));
        let (wakes, waker) = CountingWaker::new();
        let mut next = pin!(tx.send(32));
        assert!(next.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        assert_eq!(wakes.wakes(), 0);
        assert_eq!(rx.recv().await, Some(0));
        assert_eq!(wakes.wakes(), 1);
        assert_eq!(tx.try_send(33), Err(TrySendError::Full(33)), "the room belongs to who waits");
        assert_eq!(next.now_or_never(), Some(Ok(())));
    }

    #[tokio::test]
    async fn permits_take_the_room_before_the_messages_come() {
        let (tx, mut rx) = mpsc::channel(3);
        let permits = tx.reserve_many(2).await.unwrap();
        assert_eq!((tx.capacity(), rx.len()), (1, 0));
        tx.try_send("from beside").unwrap();
        assert_eq!(tx.try_send("too many"), Err(TrySendError::Full("too many")));
        permits.zip(["first", "second"]).for_each(|(permit, message)| permit.send(message));
        let mut received = Vec::new();
        assert_eq!(rx.recv_many(&mut received, 10).await, 3);
        assert_eq!(
            received,
            ["from beside", "first", "second"],
            "a permit holds room, not a place"
        );
        assert_eq!(tx.capacity(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_send_with_a_timeout_gives_its_message_back() {
        let (tx, _rx) = mpsc::channel(1);
        tx.send("first").await.unwrap();
        let start = Instant::now();
        let sent = tx.send_timeout("second", Duration::from_millis(100)).await;
        assert_eq!(sent, Err(SendTimeoutError::Timeout("second")));
        assert_eq!(start.elapsed(), Duration::from_millis(100));
    }

    /// Proves D-11-2.
    #[tokio::test]
    async fn a_send_that_is_dropped_while_it_waits_drops_its_message() {
        let log = DropLog::new();
        let (tx, _rx) = mpsc::channel(1);
        tx.try_send(log.guard("first")).ok().unwrap();
        assert!(tx.send(log.guard("with send")).now_or_never().is_none());
        assert_eq!(log.entries(), ["with send"]);

        let kept = log.guard("with reserve");
        assert!(tx.reserve().now_or_never().is_none());
        assert_eq!(log.entries(), ["with send"], "a permit knows nothing of the message");
        drop(kept);
    }

    #[test]
    #[should_panic = "mpsc bounded channel requires buffer > 0"]
    fn a_channel_without_room_panics() {
        drop(mpsc::channel::<()>(0));
    }

    /// The price of no back-pressure: nothing ever says that the receiver is behind.
    #[tokio::test]
    async fn an_unbounded_channel_takes_everything_at_once() {
        let (tx, rx) = mpsc::unbounded_channel();
        for i in 0..100_000 {
            tx.send(i).unwrap();
        }
        assert_eq!(rx.len(), 100_000);
    }
}
