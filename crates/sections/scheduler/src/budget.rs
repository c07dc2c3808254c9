//! Deep dive TL;DR, 6.2 — Tokio's own resources give way after 128 operations; an `.await` alone does not.

use std::future::{poll_fn, ready};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::mpsc;
use tokio::task::{coop::unconstrained, yield_now};

// One thread for all tasks: the neighbour has a turn only when this task gives way.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("1000 messages: {}", polls_of(receive(1000)).await);
    println!("1000 messages, unconstrained: {}", polls_of(unconstrained(receive(1000))).await);
    println!("2000000 ready futures: {}", polls_of(await_ready(2_000_000)).await);
}

/// Counts how often `future` is polled, and how often a task beside it has run by its end.
async fn polls_of(future: impl Future<Output = ()>) -> String {
    let turns = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&turns);
    let neighbour = tokio::spawn(async move {
        loop {
            counter.fetch_add(1, Ordering::Relaxed);
            yield_now().await;
        }
    });
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|cx| {
        polls += 1;
        future.as_mut().poll(cx)
    })
    .await;
    neighbour.abort();
    format!("polls {polls}, turns of the neighbour {}", turns.load(Ordering::Relaxed))
}

/// Every message lies there before the first `recv`: it never has to wait for one.
async fn receive(count: usize) {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    (0..count).for_each(|message| sender.send(message).expect("the receiver lives"));
    drop(sender);
    while receiver.recv().await.is_some() {}
}

async fn await_ready(count: usize) {
    for _ in 0..count {
        ready(()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::{Mutex, Notify, RwLock, Semaphore, broadcast, oneshot, watch};
    use tokio::task::coop::consume_budget;
    use tokio::time::{Duration, Instant, advance, interval, sleep_until};
    use utils::probe::Polls;

    /// Polls of `count` ready operations, in a task of its own: with a budget of its own.
    async fn polls(future: impl Future<Output = ()> + Send + 'static) -> usize {
        let polls = Polls::new();
        tokio::spawn(polls.of(future)).await.unwrap();
        polls.count()
    }

    /// Proves D-0-10.
    #[tokio::test]
    async fn a_thousand_ready_messages_are_eight_polls() {
        assert_eq!(polls(receive(1000)).await, 8);
        assert_eq!(1000_usize.div_ceil(128), 8);
        assert_eq!(polls_of(receive(1000)).await, "polls 8, turns of the neighbour 7");
    }

    /// The end of the channel is an operation too: 127 messages and it are a budget.
    #[tokio::test]
    async fn a_budget_is_128_operations() {
        assert_eq!(polls(receive(127)).await, 1);
        assert_eq!(polls(receive(128)).await, 2);
        let spend = async |count| {
            for _ in 0..count {
                consume_budget().await;
            }
        };
        assert_eq!(polls(spend(128)).await, 1);
        assert_eq!(polls(spend(129)).await, 2);
    }

    /// Proves D-0-10, D-13-5, D-19-5.
    #[tokio::test]
    async fn ready_futures_give_the_neighbour_no_turn() {
        let seen = polls_of(await_ready(2_000_000)).await;
        assert_eq!(seen, "polls 1, turns of the neighbour 0");
    }

    #[tokio::test]
    async fn unconstrained_takes_the_limit_away() {
        let seen = polls_of(unconstrained(receive(1000))).await;
        assert_eq!(seen, "polls 1, turns of the neighbour 0");
    }

    /// Proves D-13-5.
    #[tokio::test(start_paused = true)]
    async fn twelve_resources_take_part_in_the_budget() {
        /// Repeats a ready operation until a second poll is needed.
        async fn ops(mut operation: impl AsyncFnMut()) -> usize {
            let mut done = 0;
            {
                let mut all = pin!(async {
                    loop {
                        operation().await;
                        done += 1;
                        assert!(done <= 1000, "it never gives way");
                    }
                });
                // A fresh budget, whatever was spent before.
                tokio::task::yield_now().await;
                let gives_way =
                    poll_fn(|cx| std::task::Poll::Ready(all.as_mut().poll(cx).is_pending()));
                assert!(gives_way.await);
            }
            done
        }

        let (sender, mut bounded) = mpsc::channel(1000);
        (0..1000).for_each(|_| sender.try_send(()).unwrap());
        assert_eq!(ops(async || bounded.recv().await.unwrap()).await, 128, "mpsc recv");

        let (sender, _receiver) = mpsc::channel(1000);
        assert_eq!(ops(async || sender.send(()).await.unwrap()).await, 128, "mpsc send");

        let (sender, mut unbounded) = mpsc::unbounded_channel();
        (0..1000).for_each(|_| sender.send(()).unwrap());
        assert_eq!(ops(async || unbounded.recv().await.unwrap()).await, 128, "unbounded recv");

        let one_shot = async || {
            let (sender, receiver) = oneshot::channel();
            sender.send(()).unwrap();
            receiver.await.unwrap();
        };
        assert_eq!(ops(one_shot).await, 128, "oneshot");

        let (sender, mut subscriber) = broadcast::channel(1024);
        (0..1000).for_each(|_| assert_eq!(sender.send(()).unwrap(), 1));
        assert_eq!(ops(async || subscriber.recv().await.unwrap()).await, 128, "broadcast");

        let (sender, mut watched) = watch::channel(());
        let changed = async || {
            sender.send(()).unwrap();
            watched.changed().await.unwrap();
        };
        assert_eq!(ops(changed).await, 128, "watch");

        let semaphore = Semaphore::new(1000);
        let acquire = async || semaphore.acquire().await.unwrap().forget();
        assert_eq!(ops(acquire).await, 128, "semaphore");

        let mutex = Mutex::new(());
        assert_eq!(ops(async || drop(mutex.lock().await)).await, 128, "mutex");

        let lock = RwLock::new(());
        assert_eq!(ops(async || drop(lock.read().await)).await, 128, "read lock");

        let past = Instant::now();
        advance(Duration::from_millis(2)).await;
        assert_eq!(ops(async || sleep_until(past).await).await, 128, "sleep");

        let mut ticks = interval(Duration::from_millis(1));
        advance(Duration::from_secs(2)).await;
        assert_eq!(ops(async || assert!(ticks.tick().await >= past)).await, 128, "interval");

        let (mut near, mut far) = tokio::io::duplex(1000);
        near.write_all(&[0; 1000]).await.unwrap();
        assert_eq!(ops(async || assert_eq!(far.read_u8().await.unwrap(), 0)).await, 128, "duplex");
    }

    /// `Notify` takes no part in the budget.
    async fn notify(count: usize) {
        let notify = Notify::new();
        for _ in 0..count {
            notify.notify_one();
            notify.notified().await;
        }
    }

    /// Proves D-13-5.
    #[tokio::test]
    async fn a_notify_takes_no_part() {
        assert_eq!(polls(notify(1000)).await, 1);
    }
}
