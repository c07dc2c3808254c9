//! Deep dive 6.5 — Any number of wake-ups during one poll of a task causes one more poll.

use std::future::poll_fn;
use std::mem::{replace, take};
use std::sync::mpsc::{Sender, channel};
use std::task::{Poll, Waker};
use tokio::task::yield_now;

type Log = Sender<&'static str>;

// One thread for all tasks: a task runs when `main` gives way, and not before.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", life().await.join(" → "));
    println!("woken 100 times while running: {} polls", polls_when_woken(100).await);
}

/// One task, woken once.
async fn life() -> Vec<&'static str> {
    let (log, steps) = channel();
    let (registry, registered) = channel();
    let _ = log.send("Spawn");
    let task = tokio::spawn(wait_for_a_wake(log.clone(), registry));
    yield_now().await;
    let waker = registered.recv().expect("the first poll registers");
    let _ = log.send("Wake");
    waker.wake();
    let _ = log.send(task.await.expect("it neither panics nor is aborted"));
    steps.try_iter().collect()
}

async fn wait_for_a_wake(log: Log, registry: Sender<Waker>) -> &'static str {
    let mut polled = false;
    poll_fn(|cx| {
        let _ = log.send("Poll");
        if replace(&mut polled, true) {
            let _ = log.send("Ready");
            return Poll::Ready("JoinHandle");
        }
        let _ = registry.send(cx.waker().clone());
        let _ = log.send("Pending");
        Poll::Pending
    })
    .await
}

/// A task that is running is marked, and queued once when its poll is over.
async fn polls_when_woken(mut times: usize) -> usize {
    let (log, polls) = channel();
    tokio::spawn(poll_fn(move |cx| -> Poll<()> {
        let _ = log.send(());
        (0..take(&mut times)).for_each(|_| cx.waker().wake_by_ref());
        Poll::Pending
    }));
    for _ in 0..100 {
        yield_now().await;
    }
    polls.try_iter().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves D-6-14.
    #[tokio::test]
    async fn one_wake_is_one_more_poll() {
        let steps = ["Spawn", "Poll", "Pending", "Wake", "Poll", "Ready", "JoinHandle"];
        assert_eq!(life().await, steps);
    }

    /// Proves D-6-14.
    #[tokio::test]
    async fn any_number_of_wakes_while_running_is_one_poll() {
        assert_eq!(polls_when_woken(1).await, 2);
        assert_eq!(polls_when_woken(100).await, 2);
    }

    /// Wakes of a task that is queued already, and of one that is over.
    #[tokio::test]
    async fn waking_a_queued_or_finished_task_does_nothing() {
        let (log, steps) = channel();
        let (registry, registered) = channel();
        let task = tokio::spawn(wait_for_a_wake(log, registry));
        yield_now().await;
        let waker = registered.recv().unwrap();
        (0..100).for_each(|_| waker.wake_by_ref());
        assert_eq!(task.await.unwrap(), "JoinHandle");
        (0..100).for_each(|_| waker.wake_by_ref());
        yield_now().await;
        assert_eq!(steps.iter().collect::<Vec<_>>(), ["Poll", "Pending", "Poll", "Ready"]);
    }
}
