//! Deep dive 11.2 — A `oneshot` passes one value, and each end learns when the other is gone.

use tokio::sync::oneshot;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let (tx, rx) = oneshot::channel();
    let worker = tokio::spawn(answer(tx));
    println!("{}", rx.await?);
    println!("worker: {}", worker.await?);

    let (tx, rx) = oneshot::channel::<u32>();
    drop(tx);
    println!("no sender: {:?}", rx.await);

    let (tx, rx) = oneshot::channel();
    drop(rx);
    println!("no receiver: {:?}", tx.send(42));

    let (tx, rx) = oneshot::channel();
    drop(rx);
    println!("worker: {}", answer(tx).await);
    Ok(())
}

/// Works for 10 ms on an answer, or until nobody waits for it.
async fn answer(mut tx: oneshot::Sender<u32>) -> &'static str {
    tokio::select! {
        biased;
        () = tx.closed() => "stopped",
        value = work() => if tx.send(value).is_ok() { "sent" } else { "too late" },
    }
}

async fn work() -> u32 {
    sleep(Duration::from_millis(10)).await;
    42
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::future::ready;
    use std::pin::pin;
    use std::task::{Context, Poll};
    use tokio::sync::oneshot::error::TryRecvError;
    use tokio::time::{Instant, timeout};
    use utils::probe::{CountingWaker, DropLog};

    /// Proves D-11-3.
    #[tokio::test]
    async fn the_document_s_value_arrives() {
        let (tx, rx) = oneshot::channel::<u32>();
        tokio::spawn(async move { tx.send(42).unwrap() });
        assert_eq!(rx.await, Ok(42));
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_sends_after_10_ms() {
        let (start, (tx, rx)) = (Instant::now(), oneshot::channel());
        let worker = tokio::spawn(answer(tx));
        assert_eq!(rx.await, Ok(42));
        assert_eq!(start.elapsed(), Duration::from_millis(10));
        assert_eq!(worker.await.unwrap(), "sent");
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_stops_when_its_caller_gives_up() {
        let (start, (tx, rx)) = (Instant::now(), oneshot::channel());
        let worker = tokio::spawn(answer(tx));
        timeout(Duration::from_millis(3), rx).await.unwrap_err();
        assert_eq!(worker.await.unwrap(), "stopped");
        assert_eq!(start.elapsed(), Duration::from_millis(3));
    }

    /// Without `closed` the work is done for nobody, and only then found out.
    #[tokio::test(start_paused = true)]
    async fn a_worker_that_only_sends_learns_it_too_late() {
        let (start, (tx, rx)) = (Instant::now(), oneshot::channel());
        drop(rx);
        assert_eq!(tx.send(work().await), Err(42));
        assert_eq!(start.elapsed(), Duration::from_millis(10));
    }

    /// Proves D-11-4.
    #[tokio::test]
    async fn a_dropped_sender_is_an_error_for_the_receiver() {
        let (tx, rx) = oneshot::channel::<u32>();
        let (wakes, waker) = CountingWaker::new();
        let mut rx = pin!(rx);
        assert!(rx.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        drop(tx);
        assert_eq!(wakes.wakes(), 1);
        assert_eq!(rx.await.unwrap_err().to_string(), "channel closed");
    }

    /// Proves D-11-4.
    #[tokio::test]
    async fn a_dropped_receiver_gives_the_value_back_to_the_sender() {
        let (tx, rx) = oneshot::channel();
        drop(rx);
        assert!(tx.is_closed());
        assert_eq!(tx.send(42), Err(42));
    }

    /// No runtime, no waiting: `send` is a plain function.
    #[test]
    fn a_value_can_be_sent_before_anybody_waits() {
        let (tx, mut rx) = oneshot::channel();
        assert_eq!(rx.try_recv(), Err(TryRecvError::Empty));
        assert_eq!(tx.send(42), Ok(()));
        assert_eq!(rx.try_recv(), Ok(42));
        assert_eq!(rx.try_recv(), Err(TryRecvError::Closed));
    }

    /// `Ok` from `send` means taken into the channel, not received.
    #[test]
    fn a_value_that_is_sent_and_not_received_is_dropped_with_the_receiver() {
        let log = DropLog::new();
        let (tx, rx) = oneshot::channel();
        assert!(tx.send(log.guard("value")).is_ok());
        log.note("sent");
        drop(rx);
        assert_eq!(log.entries(), ["sent", "value"]);
    }

    #[tokio::test]
    async fn a_closed_receiver_still_gets_what_was_sent_before() {
        let (tx, mut rx) = oneshot::channel();
        tx.send(42).unwrap();
        rx.close();
        assert_eq!(rx.await, Ok(42));
    }

    /// As `&mut rx` it survives a race it loses, so a `select!` loop can go on with it.
    #[tokio::test]
    async fn a_borrowed_receiver_can_be_awaited_again() {
        let (tx, mut rx) = oneshot::channel();
        tokio::select! {
            biased;
            _ = &mut rx => unreachable!("nothing has been sent"),
            () = ready(()) => {}
        }
        tx.send(42).unwrap();
        assert_eq!(rx.await, Ok(42));
    }

    #[test]
    #[should_panic = "called after complete"]
    fn polled_after_its_value_it_panics() {
        let (tx, mut rx) = oneshot::channel();
        tx.send(42).unwrap();
        assert_eq!((&mut rx).now_or_never(), Some(Ok(42)));
        let poll: Poll<_> = rx.poll_unpin(&mut Context::from_waker(std::task::Waker::noop()));
        unreachable!("{poll:?}");
    }
}
