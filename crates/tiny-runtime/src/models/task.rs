//! A task, and those who hold it, at once: wake ∥ poll ∥ abort ∥ drop.

use super::{run_all, task};
use crate::inject::Inject;
use crate::sync::atomic::Ordering::{Relaxed, SeqCst};
use crate::sync::atomic::{AtomicBool, AtomicUsize};
use crate::sync::{Arc, Mutex, UnsafeCell, lock, thread};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Wake, Waker};

/// Ready once it is set, whose setter wakes whoever asked before.
#[derive(Default)]
pub(super) struct Event(Mutex<(bool, Option<Waker>)>);

impl Event {
    pub(super) fn set(&self) {
        let waker = {
            let mut state = lock(&self.0);
            state.0 = true;
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = lock(&self.0);
        if state.0 {
            return Poll::Ready(());
        }
        state.1 = Some(context.waker().clone());
        Poll::Pending
    }
}

struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn counted() -> (std::sync::Arc<Count>, Waker) {
    let count = std::sync::Arc::new(Count(AtomicUsize::new(0)));
    (count.clone(), count.into())
}

/// The output, without waiting.
fn poll<T>(
    handle: &mut crate::task::JoinHandle<T>,
    waker: &Waker,
) -> Poll<Result<T, crate::task::JoinError>> {
    Pin::new(handle).poll(&mut Context::from_waker(waker))
}

#[test]
fn no_wake_up_is_lost_while_the_task_is_polled() {
    loom::model(|| {
        let queue = Arc::new(Inject::new());
        let event = Arc::new(Event::default());
        let waited = event.clone();
        let (task, mut handle) =
            task(&queue, async move { poll_fn(|context| waited.poll(context)).await });
        queue.push(task);
        let setter = thread::spawn(move || event.set());
        run_all(&queue);
        setter.join().unwrap();
        run_all(&queue);
        assert!(matches!(poll(&mut handle, Waker::noop()), Poll::Ready(Ok(()))));
    });
}

#[test]
fn many_wake_ups_put_a_task_into_the_queue_once() {
    loom::model(|| {
        let queue = Arc::new(Inject::new());
        let wakers = Arc::new(Mutex::new(None::<Waker>));
        let kept = wakers.clone();
        let polls = Arc::new(AtomicUsize::new(0));
        let counted = polls.clone();
        let (task, handle) = task(&queue, async move {
            poll_fn(|context| {
                *lock(&kept) = Some(context.waker().clone());
                if counted.fetch_add(1, SeqCst) == 0 { Poll::Pending } else { Poll::Ready(()) }
            })
            .await;
        });
        task.run();
        let waker = lock(&wakers).take().unwrap();
        let other = waker.clone();
        let thread = thread::spawn(move || other.wake());
        waker.wake();
        thread.join().unwrap();
        assert_eq!(queue.len(), 1);
        run_all(&queue);
        assert_eq!(polls.load(SeqCst), 2);
        drop(lock(&wakers).take());
        drop(handle);
    });
}

/// It changes no state, yet the poll to come sees what its thread wrote before, or there is another.
#[test]
fn a_wake_up_of_a_task_that_is_scheduled_already_is_none_too_many() {
    loom::model(|| {
        let queue = Arc::new(Inject::new());
        let wakers = Arc::new(Mutex::new(None::<Waker>));
        let ready = Arc::new(AtomicBool::new(false));
        let (kept, seen) = (wakers.clone(), ready.clone());
        let (task, mut handle) = task(&queue, async move {
            poll_fn(|context| {
                *lock(&kept) = Some(context.waker().clone());
                if seen.load(Relaxed) { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
        });
        task.run();
        let waker = lock(&wakers).take().unwrap();
        waker.wake_by_ref();
        let setter = thread::spawn(move || {
            ready.store(true, Relaxed);
            waker.wake();
        });
        run_all(&queue);
        setter.join().unwrap();
        run_all(&queue);
        assert!(poll(&mut handle, Waker::noop()).is_ready());
        drop(lock(&wakers).take());
    });
}

/// Poll after poll, each on the thread that happens to take the task from the queue.
#[test]
fn what_one_poll_writes_the_next_one_finds_on_another_thread() {
    loom::model(|| {
        let queue = Arc::new(Inject::new());
        let wakers = Arc::new(Mutex::new(None::<Waker>));
        let kept = wakers.clone();
        let polls = UnsafeCell::new(0);
        let (task, mut handle) = task(&queue, async move {
            poll_fn(|context| {
                // Before the write, so that this lock does not hand it over.
                *lock(&kept) = Some(context.waker().clone());
                // SAFETY: one poll at a time. That is what the model is to find out.
                let poll = polls.with_mut(|polls| unsafe {
                    *polls += 1;
                    *polls
                });
                if poll == 2 { Poll::Ready(poll) } else { Poll::Pending }
            })
            .await
        });
        let wake_and_run = |wakers: &Mutex<Option<Waker>>, queue: &Inject| {
            let waker = lock(wakers).take();
            if let Some(waker) = waker {
                waker.wake();
            }
            run_all(queue);
        };
        let (other_queue, other_wakers) = (queue.clone(), wakers.clone());
        let other = thread::spawn(move || wake_and_run(&other_wakers, &other_queue));
        task.run();
        run_all(&queue);
        other.join().unwrap();
        wake_and_run(&wakers, &queue);
        assert!(matches!(poll(&mut handle, Waker::noop()), Poll::Ready(Ok(2))));
        drop(lock(&wakers).take());
    });
}

#[test]
fn an_abort_beside_a_poll_ends_the_task_once() {
    loom::model(|| {
        let queue = Arc::new(Inject::new());
        let alive = Arc::new(());
        let held = alive.clone();
        let (task, mut handle) = task(&queue, async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        queue.push(task);
        let abort = handle.abort_handle();
        let aborter = thread::spawn(move || abort.abort());
        run_all(&queue);
        aborter.join().unwrap();
        run_all(&queue);
        assert_eq!(Arc::strong_count(&alive), 1, "the future is dropped");
        let Poll::Ready(Err(error)) = poll(&mut handle, Waker::noop()) else {
            panic!("it is over")
        };
        assert!(error.is_cancelled());
    });
}

#[test]
fn a_handle_that_waits_is_woken_by_the_end() {
    loom::model(|| {
        let queue = Arc::new(Inject::new());
        let (task, mut handle) = task(&queue, async { 7 });
        let runner = thread::spawn(move || task.run());
        let (count, waker) = counted();
        let first = poll(&mut handle, &waker);
        runner.join().unwrap();
        match first {
            Poll::Ready(output) => assert_eq!(output.unwrap(), 7),
            Poll::Pending => {
                assert_eq!(count.0.load(SeqCst), 1);
                assert!(matches!(poll(&mut handle, &waker), Poll::Ready(Ok(7))));
            }
        }
    });
}

#[test]
fn a_handle_that_changes_its_waker_is_woken_by_the_last_or_ready() {
    loom::model(|| {
        let queue = Arc::new(Inject::new());
        let (task, mut handle) = task(&queue, async { 7 });
        let runner = thread::spawn(move || task.run());
        let (_, first) = counted();
        let (count, second) = counted();
        let ready = poll(&mut handle, &first).is_ready() || poll(&mut handle, &second).is_ready();
        runner.join().unwrap();
        if !ready {
            assert_eq!(count.0.load(SeqCst), 1);
            assert!(poll(&mut handle, &second).is_ready());
        }
    });
}

#[test]
fn an_output_that_nobody_takes_is_dropped_once() {
    loom::model(|| {
        let queue = Arc::new(Inject::new());
        let alive = Arc::new(());
        let output = alive.clone();
        let (task, mut handle) = task(&queue, async move { output });
        let runner = thread::spawn(move || task.run());
        let (_, waker) = counted();
        let taken = poll(&mut handle, &waker);
        drop(handle);
        runner.join().unwrap();
        drop(taken);
        assert_eq!(Arc::strong_count(&alive), 1);
    });
}

#[test]
fn the_last_of_waker_handle_and_scheduler_frees_the_task() {
    loom::model(|| {
        let queue = Arc::new(Inject::new());
        let event = Arc::new(Event::default());
        let waited = event.clone();
        let (task, handle) =
            task(&queue, async move { poll_fn(|context| waited.poll(context)).await });
        task.run();
        let setter = thread::spawn(move || event.set());
        let dropper = thread::spawn(move || drop(handle));
        run_all(&queue);
        setter.join().unwrap();
        dropper.join().unwrap();
        run_all(&queue);
    });
}
