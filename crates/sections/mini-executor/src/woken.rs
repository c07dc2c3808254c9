//! Guide 6.2 — Polling only what was woken takes one poll a task and one more a wake-up.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::hint;
use std::pin::Pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

pub fn main() -> thread::Result<()> {
    let executor = MiniExecutor::default();
    let (timers, reactor) = reactor();
    executor.spawn(task("タスク1", 1, timers.clone()));
    executor.spawn(task("タスク2", 2, timers));
    let (polls, idle) = executor.run();
    let (wakes, many) = (reactor.join()?, idle > 1000);
    println!("polls: {polls}, wake-ups: {wakes}, idle turns: more than 1000: {many}");
    Ok(())
}

/// Task 2 waits once more than task 1, so on any machine it ends after it.
async fn task(name: &str, waits: u32, reactor: mpsc::Sender<Timer>) {
    println!("{name} 開始");
    for _ in 0..waits {
        wait(&reactor).await;
    }
    println!("{name} 完了");
}

/// Polls what was woken and nothing else, but burns its core while it looks for it.
#[derive(Default)]
struct MiniExecutor {
    /// By id. A task that is being polled is not here.
    tasks: RefCell<HashMap<usize, Task>>,
    next_id: Cell<usize>,
    woken: Arc<Mutex<VecDeque<usize>>>,
}

type Task = (Pin<Box<dyn Future<Output = ()>>>, Waker);

/// Has an id, not the task: kept after the end, it keeps nothing of the task alive.
struct TaskWaker {
    id: usize,
    woken: Arc<Mutex<VecDeque<usize>>>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        // The lock is never poisoned: nothing panics under it.
        let mut woken = self.woken.lock().unwrap();
        if !woken.contains(&self.id) {
            woken.push_back(self.id);
        }
    }
}

impl MiniExecutor {
    /// `&self`, so that a task can spawn another. Its first poll is as if it had been woken.
    fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        let id = self.next_id.replace(self.next_id.get() + 1);
        let woken = Arc::clone(&self.woken);
        let waker = Waker::from(Arc::new(TaskWaker { id, woken }));
        waker.wake_by_ref();
        let mut tasks = self.tasks.borrow_mut();
        tasks.insert(id, (Box::pin(future), waker));
    }

    /// Runs until all tasks have ended; returns how often it polled and how often nothing was woken.
    fn run(&self) -> (usize, usize) {
        let (mut polls, mut idle) = (0, 0);
        while !self.tasks.borrow().is_empty() {
            let Some(id) = self.woken.lock().unwrap().pop_front() else {
                idle += 1;
                hint::spin_loop();
                continue;
            };
            // Not there: it was woken after its end.
            let Some((mut future, waker)) = self.tasks.borrow_mut().remove(&id) else {
                continue;
            };
            polls += 1;
            let mut cx = Context::from_waker(&waker);
            if future.as_mut().poll(&mut cx).is_pending() {
                self.tasks.borrow_mut().insert(id, (future, waker));
            }
        }
        (polls, idle)
    }
}

/// When to wake whom.
type Timer = (Instant, Waker);

/// A thread that watches the clock for all tasks. At its end it tells how often it woke one.
fn reactor() -> (mpsc::Sender<Timer>, JoinHandle<usize>) {
    let (sender, timers) = mpsc::channel::<Timer>();
    // All waits are equally long, so they end in the order in which they begin.
    let wake = |(deadline, waker): Timer| {
        thread::sleep(deadline.saturating_duration_since(Instant::now()));
        waker.wake();
    };
    let thread = thread::spawn(move || timers.into_iter().map(wake).count());
    (sender, thread)
}

/// Ends 20 ms after its first poll. However often it is polled, it registers a waker once.
async fn wait(reactor: &mpsc::Sender<Timer>) {
    let deadline = Instant::now() + Duration::from_millis(20);
    let mut registered = Waker::noop().clone();
    poll_fn(|cx| {
        if !registered.will_wake(cx.waker()) {
            registered.clone_from(cx.waker());
            let timer = (deadline, registered.clone());
            reactor.send(timer).expect("it ends after its last sender");
        } else if Instant::now() >= deadline {
            return Poll::Ready(());
        }
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;
    use tokio::sync::oneshot;
    use utils::probe::{DropLog, Polls};

    /// Pending once, after waking itself that often.
    async fn wake_myself(times: usize) {
        let mut first = true;
        poll_fn(|cx| {
            if !std::mem::take(&mut first) {
                return Poll::Ready(());
            }
            (0..times).for_each(|_| cx.waker().wake_by_ref());
            Poll::Pending
        })
        .await;
    }

    async fn my_waker() -> Waker {
        poll_fn(|cx| Poll::Ready(cx.waker().clone())).await
    }

    fn polls(executor: &MiniExecutor) -> usize {
        executor.run().0
    }

    #[test]
    fn two_tasks_and_three_wake_ups_are_five_polls() {
        let log = DropLog::new();
        let (executor, (timers, reactor)) = (MiniExecutor::default(), reactor());
        for (waits, [begin, end]) in [(1, ["1 begins", "1 ends"]), (2, ["2 begins", "2 ends"])] {
            let (log, timers) = (log.clone(), timers.clone());
            executor.spawn(async move {
                log.note(begin);
                for _ in 0..waits {
                    wait(&timers).await;
                }
                log.note(end);
            });
        }
        drop(timers);
        let (polls, idle) = executor.run();
        assert_eq!((polls, reactor.join().unwrap()), (5, 3));
        assert!(idle > 1000, "{idle}");
        assert_eq!(log.entries(), ["1 begins", "2 begins", "1 ends", "2 ends"]);
    }

    #[test]
    fn who_is_not_woken_is_not_polled() {
        let executor = MiniExecutor::default();
        let (first, second) = (Polls::new(), Polls::new());
        let ((wake_first, on_first), (wake_second, on_second)) =
            (oneshot::channel(), oneshot::channel());
        executor.spawn(first.of(async { on_first.await.unwrap() }));
        executor.spawn(second.of(async { on_second.await.unwrap() }));
        let counts = [first.clone(), second.clone()];
        let count = move || counts.each_ref().map(Polls::count);
        executor.spawn(async move {
            for _ in 0..100 {
                wake_myself(1).await;
            }
            assert_eq!(count(), [1, 1]);
            wake_first.send(()).unwrap();
            wake_myself(1).await;
            assert_eq!(count(), [2, 1]);
            wake_second.send(()).unwrap();
        });
        assert_eq!(polls(&executor), 2 + 2 + 102);
        assert_eq!((first.count(), second.count()), (2, 2));
    }

    #[test]
    fn tasks_are_polled_in_the_order_of_their_wake_ups() {
        let log = DropLog::new();
        let executor = MiniExecutor::default();
        let senders = ["1", "2", "3"].map(|name| {
            let (sender, receiver) = oneshot::channel();
            let log = log.clone();
            executor.spawn(async move {
                receiver.await.unwrap();
                log.note(name);
            });
            sender
        });
        executor.spawn(async move {
            let [one, two, three] = senders;
            for sender in [three, one, two] {
                sender.send(()).unwrap();
            }
        });
        assert_eq!(polls(&executor), 7);
        assert_eq!(log.entries(), ["3", "1", "2"]);
    }

    /// Runs a task that wakes itself `during` times in its first poll and is woken `between` times
    /// before its second. Returns its polls at the moment when its last wake-up is long over.
    fn polls_after(during: usize, between: usize) -> usize {
        let executor = MiniExecutor::default();
        let (polls, result) = (Polls::new(), Rc::new(Cell::new(0)));
        let ((tell, told), (end, mut ended)) = (oneshot::channel(), oneshot::channel::<()>());
        executor.spawn(polls.of(async move {
            let waker = my_waker().await;
            (0..during).for_each(|_| waker.wake_by_ref());
            tell.send(waker).unwrap();
            (&mut ended).await.unwrap();
        }));
        let count = Rc::clone(&result);
        executor.spawn(async move {
            let waker = told.await.unwrap();
            (0..between).for_each(|_| waker.wake_by_ref());
            for _ in 0..10 {
                wake_myself(1).await;
            }
            count.set(polls.count());
            end.send(()).unwrap();
        });
        executor.run();
        result.get()
    }

    #[test]
    fn a_hundred_wake_ups_during_a_poll_are_one_more_poll() {
        assert_eq!(polls_after(0, 0), 1);
        assert_eq!(polls_after(100, 0), 2);
    }

    #[test]
    fn a_thousand_wake_ups_of_a_task_that_waits_are_one_more_poll() {
        assert_eq!(polls_after(0, 1000), 2);
    }

    #[test]
    fn wake_ups_after_the_end_are_no_poll() {
        let executor = MiniExecutor::default();
        let (tell, told) = oneshot::channel();
        executor.spawn(async { tell.send(my_waker().await).unwrap() });
        executor.spawn(async {
            let waker = told.await.unwrap();
            for _ in 0..10 {
                waker.wake_by_ref();
                wake_myself(1).await;
            }
        });
        assert_eq!(polls(&executor), 1 + 11);
    }

    #[test]
    fn a_task_can_spawn_another_even_as_it_is_dropped() {
        struct SpawnOnDrop(Rc<MiniExecutor>, DropLog);
        impl Drop for SpawnOnDrop {
            fn drop(&mut self) {
                let log = self.1.clone();
                self.0.spawn(async move { log.note("great-grandchild") });
            }
        }
        let log = DropLog::new();
        let executor = Rc::new(MiniExecutor::default());
        let spawner = Rc::clone(&executor);
        let child_log = log.clone();
        executor.spawn(async move {
            let (inner, log) = (Rc::clone(&spawner), child_log.clone());
            spawner.spawn(async move {
                child_log.note("child");
                let last = SpawnOnDrop(Rc::clone(&inner), child_log.clone());
                inner.spawn(async move {
                    last.1.note("grandchild");
                });
            });
            log.note("parent");
        });
        assert_eq!(polls(&executor), 4);
        let family = ["parent", "child", "grandchild", "great-grandchild"];
        assert_eq!(log.entries(), family);
        assert_eq!(Rc::strong_count(&executor), 1, "no task is left to hold it");
    }

    #[test]
    fn a_waker_keeps_neither_an_ended_nor_an_abandoned_task_alive() {
        let log = DropLog::new();
        let executor = MiniExecutor::default();
        let (tell, told) = std::sync::mpsc::channel();
        for (ends, name) in [(true, "ended"), (false, "abandoned")] {
            let (guard, tell) = (log.guard(name), tell.clone());
            executor.spawn(async move {
                let _guard = guard;
                tell.send(my_waker().await).unwrap();
                if !ends {
                    panic!("abandoned");
                }
            });
        }
        let abandoned = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| executor.run()));
        assert!(abandoned.is_err());
        assert_eq!(log.entries(), ["ended", "abandoned"]);
        executor.spawn({
            let guard = log.guard("never polled");
            async move { drop(guard) }
        });
        drop(executor);
        assert_eq!(log.entries()[2..], ["never polled"]);
        told.try_iter().for_each(Waker::wake);
    }
}
