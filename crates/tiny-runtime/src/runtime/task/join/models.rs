//! A task that ends, and those who hold it, at once: poll ∥ join ∥ abort ∥ drop.

use crate::models::Event;
use crate::models::{poll, run_all, task};
use crate::runtime::scheduler::inject::Inject;
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::SeqCst;
use crate::sync::{Arc, thread};
use std::future::poll_fn;
use std::task::{Poll, Wake, Waker};

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
        let _open = queue.push(task);
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
