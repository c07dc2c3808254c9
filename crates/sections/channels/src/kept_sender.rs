//! Deep dive 11.1 — `recv` returns `None` when the last sender goes, and not while a forgotten one lives.

use tokio::sync::mpsc;
use tokio::time::{Duration, timeout};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("a sender kept: {:?}", timeout(HOUR, sender_kept()).await);
    println!("the last one dropped: {:?}", timeout(HOUR, last_one_dropped()).await);
}

/// Wrong: each worker drops its clone, and the original lives to the end of this function.
async fn sender_kept() -> usize {
    let (results, receiver) = mpsc::channel(8);
    (0..3).for_each(|number| drop(tokio::spawn(worker(number, results.clone()))));
    count(receiver).await
}

/// Right: from here on only the workers have one.
async fn last_one_dropped() -> usize {
    let (results, receiver) = mpsc::channel(8);
    (0..3).for_each(|number| drop(tokio::spawn(worker(number, results.clone()))));
    drop(results);
    count(receiver).await
}

async fn worker(number: u32, results: mpsc::Sender<u32>) {
    let _ = results.send(number).await;
}

async fn count(mut receiver: mpsc::Receiver<u32>) -> usize {
    let mut count = 0;
    while receiver.recv().await.is_some() {
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn with_a_sender_kept_the_loop_over_results_never_ends() {
        timeout(HOUR, sender_kept()).await.unwrap_err();
    }

    #[tokio::test(start_paused = true)]
    async fn with_the_last_one_dropped_it_ends() {
        assert_eq!(timeout(HOUR, last_one_dropped()).await, Ok(3));
    }

    /// How one finds the one that is forgotten: there is one sender too many.
    #[tokio::test]
    async fn the_receiver_counts_the_senders_that_live() {
        let (results, receiver) = mpsc::channel(8);
        for number in 0..3 {
            tokio::spawn(worker(number, results.clone()));
        }
        assert_eq!(receiver.sender_strong_count(), 4);
        while receiver.len() < 3 {
            tokio::task::yield_now().await;
        }
        tokio::task::yield_now().await;
        assert_eq!(receiver.sender_strong_count(), 1);
    }

    /// Where a long-lived object has to have a sender, it has one that does not count.
    #[tokio::test]
    async fn a_weak_sender_keeps_no_channel_open() {
        let (results, receiver) = mpsc::channel(8);
        let kept = results.downgrade();
        tokio::spawn(worker(0, results));
        assert_eq!(count(receiver).await, 1);
        assert!(kept.upgrade().is_none());
    }
}
