//! Deep dive 6.2 — The task that a worker spawned or woke last runs next.

use std::io::Result;
use std::sync::mpsc::{self, Sender};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::yield_now;

/// Each task sends its name when it runs.
type Log = Sender<&'static str>;

pub fn main() -> Result<()> {
    println!("spawned A B C, run {}", order(spawn_three)?);
    println!("woken A B C, run {}", order(wake_three)?);
    println!("spawned A B, then yields itself, run {}", order(yield_after_two)?);
    Ok(())
}

/// The order of `root` and of all that it spawns, on one worker.
fn order<F: Future<Output = ()> + Send + 'static>(root: impl FnOnce(Log) -> F) -> Result<String> {
    let runtime = Builder::new_multi_thread().worker_threads(1).build()?;
    let (log, names) = mpsc::channel();
    runtime.spawn(root(log));
    // Ends with the last task, which drops the last sender.
    Ok(names.iter().collect::<Vec<_>>().join(" "))
}

async fn spawn_three(log: Log) {
    spawn(&["A", "B", "C"], &log);
}

async fn wake_three(log: Log) {
    let senders = ["A", "B", "C"].map(|name| {
        let (sender, receiver) = oneshot::channel::<()>();
        let log = log.clone();
        tokio::spawn(async move { receiver.await.or(log.send(name)) });
        sender
    });
    // Comes back when all three wait.
    yield_now().await;
    // The end of a sender wakes too.
    senders.into_iter().for_each(drop);
}

/// A task that yields goes to the back of the queue, never into the slot.
async fn yield_after_two(log: Log) {
    spawn(&["A", "B"], &log);
    yield_now().await;
    let _ = log.send("self");
}

fn spawn(names: &[&'static str], log: &Log) {
    for &name in names {
        let log = log.clone();
        tokio::spawn(async move { log.send(name) });
    }
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::sync::{Arc, Barrier};
    use std::task::Poll;

    fn run(name: &'static str, log: &Log) {
        log.send(name).unwrap();
    }

    /// Proves D-0-8, D-6-3, D-13-4.
    #[test]
    fn the_slot_takes_a_spawn_and_a_wake_alike() {
        assert_eq!(order(spawn_three).unwrap(), "C A B");
        assert_eq!(order(wake_three).unwrap(), "C A B");
    }

    /// Proves D-6-3.
    #[test]
    fn a_task_that_wakes_itself_queues_behind_the_others() {
        assert_eq!(order(yield_after_two).unwrap(), "B A self");
        let by_waker = order(async |log| {
            spawn(&["A", "B"], &log);
            let mut woken = false;
            poll_fn(|cx| {
                if std::mem::replace(&mut woken, true) {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
            run("self", &log);
        });
        assert_eq!(by_waker.unwrap(), "B A self");
    }

    /// The worker waits until all three lie in the global queue, which is first in, first out.
    /// Proves D-6-3.
    #[test]
    fn tasks_from_outside_never_see_the_slot() {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let (log, names) = mpsc::channel();
        let blocked = Arc::new(Barrier::new(2));
        let worker = blocked.clone();
        runtime.spawn(async move { worker.wait() });
        for name in ["A", "B", "C"] {
            let log = log.clone();
            runtime.spawn(async move { run(name, &log) });
        }
        drop(log);
        blocked.wait();
        assert_eq!(names.iter().collect::<Vec<_>>(), ["A", "B", "C"]);
    }

    #[test]
    fn without_the_slot_the_order_is_that_of_the_spawns() {
        let runtime =
            Builder::new_multi_thread().worker_threads(1).disable_lifo_slot().build().unwrap();
        let (log, names) = mpsc::channel();
        runtime.spawn(spawn_three(log));
        assert_eq!(names.iter().collect::<Vec<_>>(), ["A", "B", "C"]);
    }
}
