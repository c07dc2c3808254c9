//! A task, and those who wake it, at once: wake ∥ poll.

use crate::models::{Event, poll, run_all, task};
use crate::runtime::scheduler::inject::Inject;
use crate::sync::atomic::Ordering::{Relaxed, SeqCst};
use crate::sync::atomic::{AtomicBool, AtomicUsize};
use crate::sync::{Arc, Mutex, UnsafeCell, lock, thread};
use std::future::poll_fn;
use std::task::{Poll, Waker};

#[test]
fn no_wake_up_is_lost_while_the_task_is_polled() {
    loom::model(|| {
        let queue = Arc::new(Inject::new());
        let event = Arc::new(Event::default());
        let waited = event.clone();
        let (task, mut handle) =
            task(&queue, async move { poll_fn(|context| waited.poll(context)).await });
        let _open = queue.push(task);
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
