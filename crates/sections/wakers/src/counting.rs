//! Deep dive 3.3 — However often it is polled, a channel keeps one waker, the last one, and calls only that.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let (sender, receiver) = oneshot::channel();
    println!("oneshot: {}", count(receiver, || sender.send(()).is_ok()).await);

    let (sender, receiver) = oneshot::channel();
    let handle = tokio::spawn(receiver);
    println!("JoinHandle: {}", count(handle, || sender.send(()).is_ok()).await);

    let (sender, mut receiver) = mpsc::channel(1);
    println!("mpsc: {}", count(receiver.recv(), || sender.try_send(()).is_ok()).await);
}

/// Polls ten times for task A and ten times for B, and lets the event come that is waited for.
async fn count(future: impl Future, event: impl FnOnce() -> bool) -> String {
    let mut future = pin!(future);
    let tasks: [Arc<Counter>; 2] = Default::default();
    let wakers = tasks.each_ref().map(|task| Waker::from(Arc::clone(task)));
    let [by_a, by_b] = wakers.each_ref().map(|waker| {
        for _ in 0..10 {
            assert!(future.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
        }
        // Each waker is a clone of the `Arc`, as are the two here.
        of_each(&tasks, |task| Arc::strong_count(task) - 2)
    });
    assert!(event(), "the receiver is still there");
    // The task behind a JoinHandle has yet to run and end.
    yield_now().await;
    let woken = of_each(&tasks, |task| task.wakes.load(Ordering::Relaxed));
    format!("kept after A's polls: {by_a}; after B's: {by_b}; woken: {woken}")
}

fn of_each(tasks: &[Arc<Counter>; 2], number: impl Fn(&Arc<Counter>) -> usize) -> String {
    format!("A {}, B {}", number(&tasks[0]), number(&tasks[1]))
}

/// Needs no runtime: futures know wakers only as the four functions behind them.
#[derive(Default)]
struct Counter {
    wakes: AtomicUsize,
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::task::Poll;
    use std::thread;
    use tokio::sync::{Notify, broadcast, watch};
    use tokio::time::{Duration, sleep};
    use utils::probe::CountingWaker;

    const LAST_ONLY: &str = "kept after A's polls: A 1, B 0; after B's: A 0, B 1; woken: A 0, B 1";

    /// Proves D-19-2.
    #[tokio::test]
    async fn a_oneshot_keeps_and_wakes_the_last_poller() {
        let (sender, receiver) = oneshot::channel();
        assert_eq!(count(receiver, || sender.send(()).is_ok()).await, LAST_ONLY);
    }

    #[tokio::test]
    async fn a_join_handle_keeps_and_wakes_the_last_poller() {
        let (sender, receiver) = oneshot::channel();
        let handle = tokio::spawn(receiver);
        assert_eq!(count(handle, || sender.send(()).is_ok()).await, LAST_ONLY);
    }

    #[tokio::test]
    async fn every_other_channel_keeps_and_wakes_the_last_poller() {
        let (sender, mut receiver) = mpsc::channel(1);
        assert_eq!(count(receiver.recv(), || sender.try_send(()).is_ok()).await, LAST_ONLY);

        let (sender, mut receiver) = watch::channel(());
        assert_eq!(count(receiver.changed(), || sender.send(()).is_ok()).await, LAST_ONLY);

        let (sender, mut receiver) = broadcast::channel(1);
        assert_eq!(count(receiver.recv(), || sender.send(()).is_ok()).await, LAST_ONLY);

        let notify = Notify::new();
        let event = || {
            notify.notify_one();
            true
        };
        assert_eq!(count(notify.notified(), event).await, LAST_ONLY);
    }

    #[tokio::test]
    async fn a_plain_thread_can_be_the_one_that_wakes() {
        let (sender, receiver) = oneshot::channel();
        let event = || thread::spawn(|| sender.send(()).is_ok()).join().unwrap();
        assert_eq!(count(receiver, event).await, LAST_ONLY);
    }

    /// Proves D-0-4, D-19-2.
    #[tokio::test(start_paused = true)]
    async fn a_timer_wakes_the_last_poller() {
        let mut timer = Box::pin(sleep(Duration::from_millis(10)));
        let tasks = [CountingWaker::new(), CountingWaker::new()];
        for (_, waker) in &tasks {
            assert!(timer.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
        }
        // A counter and its waker are two clones of the `Arc`.
        let kept = tasks.each_ref().map(|(counter, _)| Arc::strong_count(counter) - 2);
        assert_eq!(kept, [0, 1]);
        sleep(Duration::from_millis(20)).await;
        assert_eq!(tasks.each_ref().map(|(counter, _)| counter.wakes()), [0, 1]);
    }

    /// The runtime is not told who polls: the four functions of the waker are all that counts.
    /// Proves D-3-6.
    #[test]
    fn channels_and_join_handles_need_no_runtime_to_be_polled() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (sender, receiver) = oneshot::channel();
        let mut handle = runtime.spawn(receiver);
        let (task, waker) = CountingWaker::new();
        let mut cx = Context::from_waker(&waker);
        assert!(pin!(&mut handle).poll(&mut cx).is_pending());
        sender.send(7).unwrap();
        runtime.block_on(yield_now());
        assert_eq!(task.wakes(), 1);
        let Poll::Ready(result) = pin!(&mut handle).poll(&mut cx) else {
            panic!("it has been woken");
        };
        assert_eq!(result.unwrap(), Ok(7));

        let (sender, mut receiver) = mpsc::channel(1);
        assert!(pin!(receiver.recv()).poll(&mut cx).is_pending());
        sender.try_send(8).unwrap();
        assert_eq!(task.wakes(), 2);
        assert_eq!(pin!(receiver.recv()).poll(&mut cx), Poll::Ready(Some(8)));
    }

    async fn my_waker() -> Waker {
        poll_fn(|cx| Poll::Ready(cx.waker().clone())).await
    }

    #[tokio::test]
    async fn will_wake_tells_tasks_apart_and_no_polls() {
        let task = || async {
            let first = my_waker().await;
            yield_now().await;
            assert!(first.will_wake(&my_waker().await), "another poll of the same task");
            first
        };
        let (a, b) = (tokio::spawn(task()), tokio::spawn(task()));
        let (a, b) = (a.await.unwrap(), b.await.unwrap());
        assert!(a.will_wake(&a.clone()));
        assert!(!a.will_wake(&b));
    }
}
