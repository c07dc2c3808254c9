//! Deep dive 3.3 — However often it is polled, a channel keeps one waker, the last: only that is called.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let (sender, receiver) = oneshot::channel();
    let counts = count(receiver, || sender.send(()).is_ok()).await;
    print("oneshot", counts);

    let (sender, receiver) = oneshot::channel();
    let handle = tokio::spawn(receiver);
    let counts = count(handle, || sender.send(()).is_ok()).await;
    print("JoinHandle", counts);

    let (sender, mut receiver) = mpsc::channel(1);
    let counts = count(receiver.recv(), || sender.try_send(()).is_ok()).await;
    print("mpsc", counts);
}

/// In each pair, the waker of task A comes first and that of task B second.
#[derive(Debug, PartialEq)]
struct Counts {
    kept_after_a: [usize; 2],
    kept_after_b: [usize; 2],
    wakes: [usize; 2],
}

fn print(name: &str, counts: Counts) {
    let (a, b, wakes) = (counts.kept_after_a, counts.kept_after_b, counts.wakes);
    println!("{name}: kept {a:?}, then {b:?}; wake-ups {wakes:?}");
}

/// Polls ten times for A and ten times for B, and lets the event come that is waited for.
async fn count(future: impl Future, event: impl FnOnce() -> bool) -> Counts {
    let mut future = pin!(future);
    let tasks = [Counted::new(), Counted::new()];
    let [kept_after_a, kept_after_b] = tasks.each_ref().map(|task| {
        for _ in 0..10 {
            let mut cx = Context::from_waker(&task.waker);
            assert!(future.as_mut().poll(&mut cx).is_pending());
        }
        tasks.each_ref().map(Counted::kept)
    });
    assert!(event(), "the receiver is still there");
    // The task behind a JoinHandle has yet to run and end.
    yield_now().await;
    let wakes = tasks.each_ref().map(Counted::wakes);
    Counts { kept_after_a, kept_after_b, wakes }
}

/// A waker that needs no runtime: futures know wakers only as the four functions behind them.
struct Counted {
    counter: Arc<Counter>,
    waker: Waker,
}

#[derive(Default)]
struct Counter {
    wakes: AtomicUsize,
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
    }
}

impl Counted {
    fn new() -> Self {
        let counter = Arc::<Counter>::default();
        let waker = Waker::from(Arc::clone(&counter));
        Self { counter, waker }
    }

    /// How many clones of the waker are alive. Each is a clone of the `Arc`, as are the two here.
    fn kept(&self) -> usize {
        Arc::strong_count(&self.counter) - 2
    }

    fn wakes(&self) -> usize {
        self.counter.wakes.load(Ordering::Relaxed)
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

    const LAST_ONLY: Counts = Counts { kept_after_a: [1, 0], kept_after_b: [0, 1], wakes: [0, 1] };

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
        let tasks = [Counted::new(), Counted::new()];
        for task in &tasks {
            let mut cx = Context::from_waker(&task.waker);
            assert!(timer.as_mut().poll(&mut cx).is_pending());
        }
        assert_eq!(tasks.each_ref().map(Counted::kept), [0, 1]);
        sleep(Duration::from_millis(20)).await;
        assert_eq!(tasks.each_ref().map(Counted::wakes), [0, 1]);
    }

    /// The runtime is not told who polls: the four functions of the waker are all that counts.
    /// Proves D-3-6.
    #[test]
    fn channels_and_join_handles_need_no_runtime_to_be_polled() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (sender, receiver) = oneshot::channel();
        let mut handle = runtime.spawn(receiver);
        let task = Counted::new();
        let mut cx = Context::from_waker(&task.waker);
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
