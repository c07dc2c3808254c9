//! Deep dive 3.4 — However often you call `wake`, it causes at most one more poll.

use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::task::{Poll, Waker};
use tokio::task::yield_now;

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let task = Arc::<Probe>::default();
    let handle = tokio::spawn(run(Arc::clone(&task)));
    task.polls_after(0).await;

    println!("idle: 1000 wake-ups, more polls: {}", task.polls_after(1000).await);

    // Here and in the next case, one wake-up comes first and has a poll of its own.
    println!("scheduled: 1000 wake-ups, more polls: {}", task.polls_after(1 + 1000).await - 1);

    task.wakes_itself.store(100, Relaxed);
    println!("running: 100 wake-ups, more polls: {}", task.polls_after(1).await - 1);

    handle.abort();
    yield_now().await;
    println!("finished: 1000 wake-ups, more polls: {}", task.polls_after(1000).await);
}

/// A task under observation.
#[derive(Default)]
struct Probe {
    polls: AtomicUsize,
    /// The same in each poll.
    waker: OnceLock<Waker>,
    /// In the next poll.
    wakes_itself: AtomicUsize,
}

async fn run(task: Arc<Probe>) {
    poll_fn(|cx| {
        task.polls.fetch_add(1, Relaxed);
        task.waker.get_or_init(|| cx.waker().clone());
        (0..task.wakes_itself.swap(0, Relaxed)).for_each(|_| cx.waker().wake_by_ref());
        Poll::Pending
    })
    .await
}

impl Probe {
    /// Counts how often the scheduler polls the task in its next rounds.
    async fn polls_after(&self, wakes: usize) -> usize {
        let before = self.polls.load(Relaxed);
        (0..wakes).for_each(|_| self.waker.get().expect("polled once").wake_by_ref());
        for _ in 0..10 {
            yield_now().await;
        }
        self.polls.load(Relaxed) - before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use std::sync::Barrier;
    use std::sync::atomic::Ordering;
    use std::time::Duration;
    use std::{mem, thread};
    use tokio::runtime::Builder;
    use utils::probe::{Polls, allocations};

    fn wake(task: &Probe, times: usize) {
        (0..times).for_each(|_| task.waker.get().unwrap().wake_by_ref());
    }

    async fn idle() -> Arc<Probe> {
        let task = Arc::<Probe>::default();
        tokio::spawn(run(Arc::clone(&task)));
        assert_eq!(task.polls_after(0).await, 1);
        task
    }

    /// Proves D-3-9, D-18-3, D-19-2.
    #[tokio::test]
    async fn a_thousand_wake_ups_of_an_idle_task_are_one_poll() {
        let task = idle().await;
        assert_eq!(task.polls_after(1000).await, 1);
    }

    /// Proves D-0-4.
    #[tokio::test]
    async fn a_wake_up_itself_polls_nothing() {
        let task = idle().await;
        wake(&task, 1);
        assert_eq!(task.polls.load(Relaxed), 1);
        assert_eq!(task.polls_after(0).await, 1);
    }

    /// Proves D-3-9.
    #[tokio::test]
    async fn a_hundred_wake_ups_by_itself_are_one_more_poll() {
        let task = idle().await;
        task.wakes_itself.store(100, Relaxed);
        assert_eq!(task.polls_after(1).await, 2);
    }

    #[tokio::test]
    async fn wake_ups_after_the_end_are_no_poll() {
        let task = Arc::<Probe>::default();
        let handle = tokio::spawn(run(Arc::clone(&task)));
        assert_eq!(task.polls_after(0).await, 1);
        handle.abort();
        assert!(handle.await.unwrap_err().is_cancelled());
        assert_eq!(task.polls_after(1000).await, 0);
    }

    /// Occupies a runtime of one worker, wakes an idle task from `wake`, and returns its polls.
    fn polls_of_a_queued_task(
        wake: impl FnOnce(&Arc<Probe>) + Send + 'static,
        inside: bool,
    ) -> usize {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let task = runtime.block_on(async { tokio::spawn(idle()).await.unwrap() });
        let (arrive, leave) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let (arrived, left, probe) = (Arc::clone(&arrive), Arc::clone(&leave), task.clone());
        let mut wake = Some(wake);
        let mut wakes_inside = inside.then(|| wake.take()).flatten();
        let hog = runtime.spawn(async move {
            arrived.wait();
            if let Some(wake) = wakes_inside.take() {
                wake(&probe);
            }
            left.wait();
        });
        arrive.wait();
        if let Some(wake) = wake {
            wake(&task);
        }
        let before = task.polls.load(Relaxed);
        leave.wait();
        runtime.block_on(hog).unwrap();
        runtime.block_on(async {
            let task = task.clone();
            tokio::spawn(async move { task.polls_after(0).await }).await.unwrap();
        });
        task.polls.load(Relaxed) - before
    }

    /// The document: a wake-up is spared only in the queue of the current worker.
    /// Proves D-3-10.
    #[test]
    fn a_task_is_queued_once_in_whichever_queue_it_is() {
        let local = polls_of_a_queued_task(|task| wake(task, 1000), true);
        let global = polls_of_a_queued_task(|task| wake(task, 1000), false);
        let both = |task: &Arc<Probe>| {
            wake(task, 1000);
            let other = task.clone();
            thread::spawn(move || wake(&other, 1000)).join().unwrap();
        };
        assert_eq!((local, global, polls_of_a_queued_task(both, true)), (1, 1, 1));
    }

    #[test]
    fn wake_ups_by_another_thread_during_a_poll_are_one_more_poll() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let polls = Polls::new();
        let mut first = true;
        let task = polls.of(poll_fn(move |cx| {
            if !mem::take(&mut first) {
                return Poll::Pending;
            }
            let waker = cx.waker().clone();
            let wake = move || (0..100).for_each(|_| waker.wake_by_ref());
            thread::spawn(wake).join().unwrap();
            Poll::<()>::Pending
        }));
        runtime.spawn(task);
        runtime.block_on(async {
            for _ in 0..100 {
                yield_now().await;
            }
        });
        assert_eq!(polls.count(), 2);
    }

    /// The leaf has to arrange its wake-up. Nothing checks that it has.
    /// Proves D-0-3.
    #[tokio::test]
    async fn a_leaf_that_keeps_no_waker_is_polled_once() {
        let polls = Polls::new();
        tokio::spawn(polls.of(pending::<()>()));
        for _ in 0..1000 {
            yield_now().await;
        }
        assert_eq!(polls.count(), 1);
    }

    /// Proves D-3-8.
    #[tokio::test]
    async fn a_clone_of_the_waker_of_a_task_is_no_allocation() {
        let task = idle().await;
        let waker = task.waker.get().unwrap().clone();
        let (allocated, clones) = allocations(|| [(); 10].map(|()| waker.clone()));
        assert_eq!(allocated, 0);
        assert!(clones.iter().all(|clone| clone.will_wake(&waker)));
    }

    /// Neither a busy loop nor periodic polling: with nothing to do each worker goes to sleep once.
    #[test]
    fn an_idle_runtime_sleeps() {
        let parks = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&parks);
        let _runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .on_thread_park(move || {
                count.fetch_add(1, Ordering::SeqCst);
            })
            .build()
            .unwrap();
        while parks.load(Ordering::SeqCst) < 2 {
            thread::yield_now();
        }
        // Real time, since this is about what does not happen in it.
        thread::sleep(Duration::from_millis(100));
        assert_eq!(parks.load(Ordering::SeqCst), 2);
    }
}
