//! Guide 6.2 — An executor that ignores wake-ups works, but a wait costs it thousands of polls.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

pub fn main() {
    let mut executor = MiniExecutor::default();
    executor.spawn(task("タスク1", 0));
    executor.spawn(task("タスク2", 0));
    println!("polls: {}", executor.run());
    executor.spawn(task("タスク1", 1));
    executor.spawn(task("タスク2", 2));
    println!("polls: more than 1000: {}", executor.run() > 1000);
}

/// Task 2 waits once more than task 1, so on any machine it ends after it.
async fn task(name: &str, waits: u32) {
    println!("{name} 開始");
    for _ in 0..waits {
        let end = Instant::now() + Duration::from_millis(20);
        poll_fn(|_| if Instant::now() < end { Poll::Pending } else { Poll::Ready(()) }).await;
    }
    println!("{name} 完了");
}

#[derive(Default)]
struct MiniExecutor {
    queue: VecDeque<std::pin::Pin<Box<dyn Future<Output = ()>>>>,
}

/// Wakes nothing: each task is polled in each round, whether it can go on or not.
struct MiniWaker;

#[allow(unknown_lints, clippy::manual_noop_waker, reason = "the guide's own type")]
impl Wake for MiniWaker {
    fn wake(self: Arc<Self>) {}
}

impl MiniExecutor {
    fn spawn(&mut self, future: impl Future<Output = ()> + 'static) {
        self.queue.push_back(Box::pin(future));
    }

    /// Polls round and round until all tasks have ended, and returns how often it polled.
    fn run(&mut self) -> usize {
        let waker = Waker::from(Arc::new(MiniWaker));
        let mut polls = 0;
        while let Some(mut future) = self.queue.pop_front() {
            polls += 1;
            if future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
                self.queue.push_back(future);
            }
        }
        polls
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::future::pending;
    use std::rc::Rc;
    use utils::probe::{DropLog, in_child};

    /// Pending that many times. It keeps no waker, which is wrong.
    async fn forgets_its_waker(mut times: u32) {
        poll_fn(|_| match times {
            0 => Poll::Ready(()),
            _ => {
                times -= 1;
                Poll::Pending
            }
        })
        .await;
    }

    /// Proves G-6.2-1.
    #[test]
    fn a_task_that_never_waits_takes_one_poll() {
        let log = DropLog::new();
        let mut executor = MiniExecutor::default();
        for lines in [["1 begins", "1 ends"], ["2 begins", "2 ends"]] {
            let log = log.clone();
            executor.spawn(async move { lines.into_iter().for_each(|line| log.note(line)) });
        }
        assert_eq!(executor.run(), 2);
        assert_eq!(log.entries(), ["1 begins", "1 ends", "2 begins", "2 ends"]);
    }

    /// Proves G-6.2-3.
    #[test]
    fn tasks_that_wait_take_turns() {
        let log = DropLog::new();
        let mut executor = MiniExecutor::default();
        for [begin, end] in [["1 begins", "1 ends"], ["2 begins", "2 ends"]] {
            let log = log.clone();
            executor.spawn(async move {
                log.note(begin);
                forgets_its_waker(1).await;
                log.note(end);
            });
        }
        assert_eq!(executor.run(), 4);
        assert_eq!(log.entries(), ["1 begins", "2 begins", "1 ends", "2 ends"]);
    }

    /// Proves G-6.2-2.
    #[test]
    fn a_wait_costs_thousands_of_polls_and_one_registration() {
        let registered = Rc::new(Cell::new(0));
        let registrations = Rc::clone(&registered);
        let mut executor = MiniExecutor::default();
        executor.spawn(async move {
            let end = Instant::now() + Duration::from_millis(20);
            let mut kept: Option<Waker> = None;
            poll_fn(|cx| {
                if !kept.as_ref().is_some_and(|kept| kept.will_wake(cx.waker())) {
                    kept = Some(cx.waker().clone());
                    registrations.set(registrations.get() + 1);
                }
                if Instant::now() < end { Poll::Pending } else { Poll::Ready(()) }
            })
            .await;
        });
        let polls = executor.run();
        assert!(polls > 1000, "{polls} polls");
        assert_eq!(registered.get(), 1);
    }

    /// Elsewhere it would never be polled again: see `woken` and `parked`.
    #[test]
    fn a_forgotten_waker_goes_unnoticed() {
        let mut executor = MiniExecutor::default();
        executor.spawn(forgets_its_waker(3));
        assert_eq!(executor.run(), 4);
    }

    #[test]
    fn futures_need_not_be_send() {
        let count = Rc::new(Cell::new(0));
        let mut executor = MiniExecutor::default();
        let shared = Rc::clone(&count);
        executor.spawn(async move {
            forgets_its_waker(1).await;
            shared.set(shared.get() + 1);
        });
        executor.run();
        assert_eq!(count.get(), 1);
    }

    /// Proves G-6.2-4.
    #[test]
    #[should_panic = "there is no reactor running, must be called from the context of a Tokio 1.x runtime"]
    fn a_sleep_of_tokio_asks_for_the_reactor_of_tokio() {
        let mut executor = MiniExecutor::default();
        executor.spawn(async { tokio::time::sleep(Duration::from_millis(1)).await });
        executor.run();
    }

    /// Proves G-6.2-2.
    #[test]
    fn a_task_that_is_never_ready_is_polled_for_ever() {
        let ended = in_child(Duration::from_secs(1), || {
            let mut executor = MiniExecutor::default();
            let mut polls = 0;
            executor.spawn(poll_fn(move |_| {
                polls += 1;
                if polls == 100_000 {
                    println!("\n100000 polls");
                }
                Poll::Pending
            }));
            executor.spawn(pending());
            executor.run();
            println!("\nended");
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("\n100000 polls\n"), "{ended:#?}");
        assert!(!ended.stdout.contains("ended"), "{ended:#?}");
    }
}
