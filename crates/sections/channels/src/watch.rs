//! Deep dive 11.4 — A `watch` keeps only the latest value: five sends can be one change.

use tokio::sync::watch;

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let (tx, rx) = watch::channel(0);
    let waiting = tx.subscribe();
    for value in 1..=5 {
        tx.send(value)?;
    }
    // An unseen value is delivered even now; only after it comes the error that ends the loop.
    drop(tx);
    println!("5 sends, changes seen: {:?}", changes(rx).await);
    println!("waiting for 3: {}", at_least(3, waiting).await?);
    Ok(())
}

/// Every value seen until the last sender is dropped. The one at the start is no change.
async fn changes(mut rx: watch::Receiver<u32>) -> Vec<u32> {
    let mut seen = Vec::new();
    while rx.changed().await.is_ok() {
        // With `borrow`, a value that comes in just before this line would be seen twice.
        seen.push(*rx.borrow_and_update());
    }
    seen
}

/// The first value seen of `least` or more. The current one comes first, seen or not.
async fn at_least(least: u32, mut rx: watch::Receiver<u32>) -> anyhow::Result<u32> {
    Ok(*rx.wait_for(|value| *value >= least).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::pin::pin;
    use std::task::Context;
    use tokio::time::{Duration, sleep};
    use utils::probe::{CountingWaker, DropLog};

    /// Whether `changed` is ready now. It marks the value as seen.
    fn notified<T>(rx: &mut watch::Receiver<T>) -> bool {
        rx.changed().now_or_never().is_some_and(|changed| changed.is_ok())
    }

    /// Proves D-11-6.
    #[tokio::test]
    async fn five_sends_are_one_change_to_the_last_value() {
        let (tx, mut rx) = watch::channel(0);
        (1..=5).for_each(|value| tx.send(value).unwrap());
        assert!(notified(&mut rx));
        assert_eq!(*rx.borrow_and_update(), 5);
        assert!(!notified(&mut rx));
        drop(tx);
        assert!(rx.changed().await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_keeps_up_sees_every_value() {
        let (tx, rx) = watch::channel(0);
        let reader = tokio::spawn(changes(rx));
        for value in 1..=5 {
            sleep(Duration::from_millis(1)).await;
            tx.send(value).unwrap();
        }
        drop(tx);
        assert_eq!(reader.await.unwrap(), [1, 2, 3, 4, 5]);
    }

    #[tokio::test]
    async fn the_last_value_is_delivered_after_the_sender_has_gone() {
        let (tx, rx) = watch::channel(0);
        tx.send(1).unwrap();
        drop(tx);
        assert_eq!(rx.has_changed().unwrap_err().to_string(), "channel closed");
        assert_eq!(changes(rx).await, [1]);
    }

    #[tokio::test]
    async fn the_value_at_the_start_is_no_change() {
        let (tx, mut rx) = watch::channel(0);
        assert!(!notified(&mut rx));
        tx.send(1).unwrap();
        let mut late = tx.subscribe();
        assert!(!notified(&mut late), "it is none to a late subscriber either");
        assert_eq!(*late.borrow(), 1, "but the subscriber can read it");
        let mut clone = rx.clone();
        assert!(notified(&mut clone), "a clone has seen what rx has");
        rx.mark_unchanged();
        assert!(!notified(&mut rx));
        rx.mark_changed();
        assert!(notified(&mut rx));
    }

    #[tokio::test]
    async fn borrow_marks_nothing_as_seen() {
        let (tx, mut rx) = watch::channel(0);
        tx.send(1).unwrap();
        assert_eq!(*rx.borrow(), 1);
        assert!(rx.has_changed().unwrap());
        assert_eq!(*rx.borrow_and_update(), 1);
        assert!(!rx.has_changed().unwrap());
    }

    /// The race that `borrow_and_update` closes: a send between `changed` and the read.
    #[tokio::test]
    async fn a_loop_with_borrow_sees_one_value_twice() {
        let (tx, mut rx) = watch::channel(0);
        let mut seen = Vec::new();
        tx.send(1).unwrap();
        assert!(notified(&mut rx));
        tx.send(2).unwrap();
        seen.push(*rx.borrow());
        assert!(notified(&mut rx));
        seen.push(*rx.borrow());
        assert_eq!(seen, [2, 2]);
    }

    #[tokio::test]
    async fn wait_for_looks_at_the_current_value_first_and_may_skip_some() {
        let (tx, rx) = watch::channel(3);
        assert_eq!(at_least(3, rx.clone()).now_or_never().unwrap().unwrap(), 3);
        let mut waiting = pin!(at_least(4, rx));
        assert!(waiting.as_mut().now_or_never().is_none());
        tx.send(4).unwrap();
        tx.send(1).unwrap();
        assert!(waiting.as_mut().now_or_never().is_none(), "4 was there, and is over");
        tx.send(5).unwrap();
        assert_eq!(waiting.now_or_never().unwrap().unwrap(), 5);
    }

    #[tokio::test]
    async fn wait_for_fails_when_the_last_value_will_not_do() {
        let (tx, rx) = watch::channel(0);
        tx.send(2).unwrap();
        drop(tx);
        assert_eq!(at_least(2, rx.clone()).await.unwrap(), 2, "the last one still counts");
        assert_eq!(at_least(3, rx).await.unwrap_err().to_string(), "channel closed");
    }

    /// A loop that ignores this error spins.
    #[tokio::test]
    async fn without_a_sender_changed_fails_at_once_and_every_time() {
        let (tx, mut rx) = watch::channel(0);
        drop(tx);
        let (wakes, waker) = CountingWaker::new();
        for _ in 0..100 {
            let mut changed = pin!(rx.changed());
            let poll = changed.as_mut().poll(&mut Context::from_waker(&waker));
            assert!(matches!(poll, std::task::Poll::Ready(Err(_))));
        }
        assert_eq!(wakes.wakes(), 0);
    }

    #[tokio::test]
    async fn each_send_drops_the_value_before() {
        let log = DropLog::new();
        let (tx, rx) = watch::channel(log.guard("0"));
        tx.send(log.guard("1")).ok().unwrap();
        assert_eq!(log.entries(), ["0"]);
        drop(tx);
        assert_eq!(log.entries(), ["0"], "the readers keep the last one");
        drop(rx);
        assert_eq!(log.entries(), ["0", "1"]);
    }
}
