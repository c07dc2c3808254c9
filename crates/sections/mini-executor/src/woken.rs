//! Guide 6.2 — Polling only woken tasks takes one poll per task and one more per wake-up.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};

pub fn main() {
    println!("polls: {}", run([Box::pin(task("タスク1", 1)), Box::pin(task("タスク2", 2))]));
}

async fn task(name: &str, mut waits: u32) {
    println!("{name} 開始");
    poll_fn(|cx| {
        if waits == 0 {
            return Poll::Ready(());
        }
        waits -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    println!("{name} 完了");
}

/// Holds an id, not the task: kept after the end, it keeps nothing of the task alive.
struct MiniWaker {
    id: usize,
    queue: mpsc::Sender<usize>,
}

impl Wake for MiniWaker {
    fn wake(self: Arc<Self>) {
        // Fails when all tasks have ended.
        let _ = self.queue.send(self.id);
    }
}

/// Polls each task once, then what is woken; returns how often. `crates/tiny-runtime` queues a task
/// that is woken twice only once.
fn run<const N: usize>(tasks: [Pin<Box<dyn Future<Output = ()>>>; N]) -> usize {
    let (queue, woken) = mpsc::channel();
    let mut tasks: HashMap<_, _> = tasks.into_iter().enumerate().collect();
    let mut polls = 0;
    for id in (0..N).chain(woken) {
        // Not there: it was woken after its end.
        let Some(task) = tasks.get_mut(&id) else { continue };
        polls += 1;
        let waker = Waker::from(Arc::new(MiniWaker { id, queue: queue.clone() }));
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            tasks.remove(&id);
        }
        if tasks.is_empty() {
            break;
        }
    }
    polls
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use std::thread;
    use std::time::Duration;
    use tokio::sync::oneshot;
    use utils::probe::{DropLog, Polls, in_child};

    type Task = Pin<Box<dyn Future<Output = ()>>>;

    async fn wake_myself() {
        let mut woken = false;
        poll_fn(|cx| {
            if std::mem::replace(&mut woken, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    #[test]
    fn two_tasks_and_three_wake_ups_are_five_polls() {
        let log = DropLog::new();
        let tasks = [(1, ["1 begins", "1 ends"]), (2, ["2 begins", "2 ends"])];
        let tasks = tasks.map(|(waits, [begin, end])| -> Task {
            let log = log.clone();
            Box::pin(async move {
                log.note(begin);
                for _ in 0..waits {
                    wake_myself().await;
                }
                log.note(end);
            })
        });
        assert_eq!(run(tasks), 5);
        assert_eq!(log.entries(), ["1 begins", "2 begins", "1 ends", "2 ends"]);
    }

    #[test]
    fn a_task_that_is_not_woken_is_not_polled() {
        let (first, second) = (Polls::new(), Polls::new());
        let ((wake_first, on_first), (wake_second, on_second)) =
            (oneshot::channel(), oneshot::channel());
        let counts = [first.clone(), second.clone()];
        let count = move || counts.each_ref().map(Polls::count);
        let polls = run([
            Box::pin(first.of(async { on_first.await.unwrap() })),
            Box::pin(second.of(async { on_second.await.unwrap() })),
            Box::pin(async move {
                for _ in 0..100 {
                    wake_myself().await;
                }
                assert_eq!(count(), [1, 1]);
                wake_first.send(()).unwrap();
                wake_myself().await;
                assert_eq!(count(), [2, 1]);
                wake_second.send(()).unwrap();
            }),
        ]);
        assert_eq!(polls, 2 + 2 + 102);
        assert_eq!((first.count(), second.count()), (2, 2));
    }

    #[test]
    fn tasks_are_polled_in_the_order_of_their_wake_ups() {
        let log = DropLog::new();
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..3).map(|_| oneshot::channel()).unzip();
        let mut waiting = ["1", "2", "3"].into_iter().zip(receivers).map(|(name, receiver)| {
            let log = log.clone();
            Box::pin(async move {
                receiver.await.unwrap();
                log.note(name);
            })
        });
        let mut next = || -> Task { waiting.next().unwrap() };
        let wakes = Box::pin(async {
            let [one, two, three] = senders.try_into().unwrap();
            for sender in [three, one, two] {
                let sender: oneshot::Sender<()> = sender;
                sender.send(()).unwrap();
            }
        });
        assert_eq!(run([next(), next(), next(), wakes]), 7);
        assert_eq!(log.entries(), ["3", "1", "2"]);
    }

    #[test]
    fn a_wake_up_may_come_from_another_thread_and_after_the_end() {
        let (tell, told) = oneshot::channel::<Waker>();
        let polls = run([
            Box::pin(async {
                let waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
                tell.send(waker).unwrap();
            }),
            Box::pin(async {
                let waker = told.await.unwrap();
                for _ in 0..10 {
                    let waker = waker.clone();
                    thread::spawn(|| waker.wake()).join().unwrap();
                    wake_myself().await;
                }
            }),
        ]);
        assert_eq!(polls, 1 + 1 + 10);
    }

    /// Nothing checks that a leaf keeps a waker. See `busy_polling`, which does not care.
    #[test]
    fn a_task_that_keeps_no_waker_is_polled_once() {
        let ended = in_child(Duration::from_secs(1), || {
            let polls = Polls::new();
            let seen = polls.clone();
            let watch = async move {
                wake_myself().await;
                println!("\npolls: {}", seen.count());
            };
            run([Box::pin(polls.of(pending())), Box::pin(watch)]);
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("\npolls: 1\n"), "{ended:#?}");
    }
}
