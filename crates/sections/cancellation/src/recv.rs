//! Deep dive 11.6 — `recv` is cancel safe: a dropped `recv` has taken no message, even after its wake-up.

use tokio::sync::mpsc;

const ROUNDS: u32 = 200;

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let (cancelled, received) = cancel_and_receive().await?;
    let (count, in_order) = (received.len(), received.is_sorted());
    println!("recv: {cancelled} cancelled, {count} received, in order: {in_order}");
    Ok(())
}

/// Cancels a `recv` that waits, each time in the worst moment: its message has just come.
async fn cancel_and_receive() -> anyhow::Result<(u32, Vec<u32>)> {
    let (sender, mut receiver) = mpsc::channel(1);
    let mut cancelled = 0;
    let mut received = Vec::new();

    for message in 0..ROUNDS {
        tokio::select! {
            biased;
            _ = receiver.recv() => unreachable!("nothing has been sent"),
            // This wakes the `recv` above, and as it is ready at once, drops it before its poll.
            sent = sender.send(message) => sent?,
        }
        cancelled += 1;
        // An error here would be the message lost.
        received.push(receiver.try_recv()?);
    }
    Ok((cancelled, received))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::pin::pin;
    use std::task::{Context, Poll};
    use tokio::time::{Duration, Instant, sleep, timeout};
    use utils::probe::CountingWaker;

    /// Proves D-11-11, D-19-6.
    #[tokio::test]
    async fn two_hundred_cancellations_lose_none_of_two_hundred_messages() {
        let (cancelled, received) = cancel_and_receive().await.unwrap();
        assert_eq!(cancelled, 200);
        assert_eq!(received, Vec::from_iter(0..200));
    }

    /// The same with another task as the sender and `timeout` as what cancels.
    #[tokio::test(start_paused = true)]
    async fn a_timeout_around_recv_loses_nothing() {
        let (sender, mut receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            for message in 0..200 {
                sleep(Duration::from_millis(10)).await;
                sender.send(message).await.unwrap();
            }
        });
        let start = Instant::now();
        let mut cancelled = 0;
        let mut received = Vec::new();
        loop {
            match timeout(Duration::from_millis(7), receiver.recv()).await {
                Ok(Some(message)) => received.push(message),
                Ok(None) => break,
                Err(_) => cancelled += 1,
            }
        }
        assert_eq!(received, Vec::from_iter(0..200));
        assert_eq!(cancelled, 200);
        assert_eq!(start.elapsed(), Duration::from_secs(2));
    }

    /// The two steps that `select!` makes in one: woken, then dropped before the poll.
    /// Proves D-11-11.
    #[tokio::test]
    async fn a_recv_that_is_dropped_after_its_wake_leaves_the_message_in_the_queue() {
        let (sender, mut receiver) = mpsc::channel(1);
        let (counter, waker) = CountingWaker::new();
        {
            let mut recv = pin!(receiver.recv());
            let poll = recv.as_mut().poll(&mut Context::from_waker(&waker));
            assert_eq!(poll, Poll::Pending);
            sender.send("message").await.unwrap();
            assert_eq!(counter.wakes(), 1);
        }
        assert_eq!(receiver.len(), 1);
        assert_eq!(receiver.recv().now_or_never(), Some(Some("message")));
    }
}
