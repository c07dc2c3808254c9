//! Deep dive 3.4 — However often it is called, `wake` is one more poll at most, whatever the task does.

use std::future::poll_fn;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Poll, Waker};
use tokio::task::{JoinError, yield_now};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), JoinError> {
    let task = Probe::default();
    let handle = tokio::spawn(task.clone().run());
    task.polls_after(|| ()).await;

    let polls = task.polls_after(|| task.wake(1000)).await;
    println!("idle: 1000 wake-ups, more polls: {polls}");

    // One of the polls is that of the wake-up that came first.
    task.wake(1);
    let polls = task.polls_after(|| task.wake(1000)).await;
    println!("scheduled: 1000 wake-ups, more polls: {}", polls - 1);

    task.state().wakes_itself = 100;
    task.wake(1);
    let polls = task.polls_after(|| ()).await;
    println!("running: 100 wake-ups, more polls: {}", polls - 1);

    task.state().ends = true;
    task.wake(1);
    handle.await?;
    let polls = task.polls_after(|| task.wake(1000)).await;
    println!("finished: 1000 wake-ups, more polls: {polls}");
    Ok(())
}

/// A task under observation.
#[derive(Clone, Default)]
struct Probe(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    polls: usize,
    /// Of the last poll. In an `Arc`, whose clone runs no foreign code under the lock.
    waker: Option<Arc<Waker>>,
    /// In the next poll.
    wakes_itself: usize,
    /// With the next poll.
    ends: bool,
}

impl Probe {
    async fn run(self) {
        poll_fn(|cx| {
            let waker = Arc::new(cx.waker().clone());
            let mut state = self.state();
            state.polls += 1;
            let old = state.waker.replace(waker);
            let (wakes, ends) = (mem::take(&mut state.wakes_itself), state.ends);
            // Clones, wake-ups and drops of wakers run foreign code: none of it under the lock.
            drop(state);
            drop(old);
            (0..wakes).for_each(|_| cx.waker().wake_by_ref());
            if ends { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Never poisoned: nothing panics under this lock.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn wake(&self, times: usize) {
        let waker = self.state().waker.clone();
        if let Some(waker) = waker {
            (0..times).for_each(|_| waker.wake_by_ref());
        }
    }

    /// How often the scheduler polls the task in its next rounds.
    async fn polls_after(&self, wakes: impl FnOnce()) -> usize {
        let before = self.state().polls;
        wakes();
        for _ in 0..10 {
            yield_now().await;
        }
        self.state().polls - before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::future::pending;
    use std::pin::pin;
    use std::ptr;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, RawWaker, RawWakerVTable, Wake};
    use std::thread;
    use std::time::Duration;
    use tokio::runtime::Builder;
    use utils::probe::{Polls, allocations};

    async fn idle() -> Probe {
        let task = Probe::default();
        tokio::spawn(task.clone().run());
        assert_eq!(task.polls_after(|| ()).await, 1);
        task
    }

    /// Proves D-3-9, D-18-3, D-19-2.
    #[tokio::test]
    async fn a_thousand_wake_ups_of_an_idle_task_are_one_poll() {
        let task = idle().await;
        assert_eq!(task.polls_after(|| task.wake(1000)).await, 1);
    }

    /// Proves D-0-4.
    #[tokio::test]
    async fn a_wake_up_itself_polls_nothing() {
        let task = idle().await;
        task.wake(1);
        assert_eq!(task.state().polls, 1);
        assert_eq!(task.polls_after(|| ()).await, 1);
    }

    /// Proves D-3-9.
    #[tokio::test]
    async fn a_hundred_wake_ups_by_itself_are_one_more_poll() {
        let task = idle().await;
        task.state().wakes_itself = 100;
        assert_eq!(task.polls_after(|| task.wake(1)).await, 2);
    }

    #[tokio::test]
    async fn wake_ups_after_the_end_are_no_poll() {
        let task = idle().await;
        task.state().ends = true;
        assert_eq!(task.polls_after(|| task.wake(1)).await, 1);
        assert_eq!(task.polls_after(|| task.wake(1000)).await, 0);
    }

    /// Occupies a runtime of one worker, wakes an idle task from `wake`, and returns its polls.
    fn polls_of_a_queued_task(wake: impl FnOnce(&Probe) + Send + 'static, inside: bool) -> usize {
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
        let before = task.state().polls;
        leave.wait();
        runtime.block_on(hog).unwrap();
        runtime.block_on(async {
            let task = task.clone();
            tokio::spawn(async move { task.polls_after(|| ()).await }).await.unwrap();
        });
        task.state().polls - before
    }

    /// The document: a wake-up is spared only in the queue of the current worker.
    /// Proves D-3-10.
    #[test]
    fn a_task_is_queued_once_in_whichever_queue_it_is() {
        let local = polls_of_a_queued_task(|task| task.wake(1000), true);
        let global = polls_of_a_queued_task(|task| task.wake(1000), false);
        let both = |task: &Probe| {
            task.wake(1000);
            let other = task.clone();
            thread::spawn(move || other.wake(1000)).join().unwrap();
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
        let waker = task.state().waker.clone().unwrap();
        let (allocated, clones) = allocations(|| [(); 10].map(|()| Waker::clone(&waker)));
        assert_eq!(allocated, 0);
        assert!(clones.iter().all(|clone| clone.will_wake(&waker)));
    }

    thread_local! {
        static ON_CLONE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
    }

    /// A waker that calls `on_clone` when it is cloned next. [`Wake`] leaves no say in that.
    #[expect(unsafe_code, reason = "only a table of its own says what a clone does")]
    fn waker_that_runs(on_clone: impl FnOnce() + 'static) -> Waker {
        static TABLE: RawWakerVTable = RawWakerVTable::new(clone, |_| {}, |_| {}, |_| {});
        fn clone(data: *const ()) -> RawWaker {
            if let Some(on_clone) = ON_CLONE.take() {
                on_clone();
            }
            RawWaker::new(data, &TABLE)
        }
        ON_CLONE.set(Some(Box::new(on_clone)));
        // SAFETY: no function of the table looks at the data, so each may be called on any thread,
        // at any time, in any order.
        unsafe { Waker::new(ptr::null(), &TABLE) }
    }

    /// Whichever of its functions an executor's waker is in, it may look at the task.
    #[test]
    fn no_function_of_a_waker_is_called_under_the_lock() {
        struct Looks(Probe, &'static str);
        impl Looks {
            fn look(&self, doing: &str) {
                assert!(self.0.0.try_lock().is_ok(), "{doing} {} under the lock", self.1);
            }
        }
        impl Wake for Looks {
            fn wake(self: Arc<Self>) {
                self.look("woken");
            }
        }
        impl Drop for Looks {
            fn drop(&mut self) {
                self.look("dropped");
            }
        }
        let task = Probe::default();
        let mut running = pin!(task.clone().run());
        let mut poll = |waker: &Waker| {
            assert!(running.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
        };
        task.state().wakes_itself = 2;
        for name in ["the first", "the second"] {
            poll(&Waker::from(Arc::new(Looks(task.clone(), name))));
            task.wake(2);
        }
        let looks = Looks(task.clone(), "the third");
        poll(&waker_that_runs(move || looks.look("cloned")));
        // To wake it clones the `Arc` around the waker, so that the hook is not run.
        ON_CLONE.set(Some(Box::new(|| ())));
        task.wake(2);
        assert!(ON_CLONE.take().is_some(), "cloned to be woken");
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
