//! A panic of a task is a value for the task that joins it. Its thread and all other tasks go on.

use super::rt::{self, runtime::Runtime, task::JoinError, task::yield_now};
use super::{one_thread, workers};
use std::future::{Future, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use utils::probe::{DropLog, Polls};

const RUNTIMES: [fn() -> Runtime; 2] = [one_thread, || workers(1)];

/// Unwinds as `panic!` does, without its message on stderr.
fn panicking() -> u32 {
    resume_unwind(Box::new("on purpose"))
}

fn message(error: JoinError) -> &'static str {
    error.into_panic().downcast_ref().copied().expect("the payload of `panicking`")
}

#[test]
fn a_panic_is_a_result_and_its_thread_lives_on() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        let thread = || {
            rt::block_on(&runtime, rt::spawn_on(&runtime, async { thread::current().id() }))
                .unwrap()
        };
        let before = thread();
        for _ in 0..100 {
            let error =
                rt::block_on(&runtime, rt::spawn_on(&runtime, async { panicking() })).unwrap_err();
            assert!(error.is_panic() && !error.is_cancelled());
            assert_eq!(message(error), "on purpose");
        }
        assert_eq!(thread(), before);
    }
}

#[test]
fn the_payload_is_handed_on_as_it_was() {
    rt::block_on(&one_thread(), async {
        let error = rt::spawn(async { resume_unwind(Box::new(vec![1, 2, 3])) });
        let error: JoinError = error.await.unwrap_err();
        let payload = error.try_into_panic().unwrap();
        assert_eq!(*payload.downcast::<Vec<i32>>().unwrap(), [1, 2, 3]);
        let cancelled = rt::spawn(pending::<()>());
        cancelled.abort();
        let error = cancelled.await.unwrap_err().try_into_panic().unwrap_err();
        assert!(error.is_cancelled() && !error.is_panic());
    });
}

#[test]
fn into_panic_of_a_cancelled_task_panics() {
    rt::block_on(&one_thread(), async {
        let task = rt::spawn(pending::<()>());
        task.abort();
        let error = task.await.unwrap_err();
        assert!(catch_unwind(AssertUnwindSafe(|| error.into_panic())).is_err());
    });
}

/// Locals first, then the error: who is woken by the handle finds nothing left of the task.
#[test]
fn a_panic_drops_the_locals_of_the_task() {
    for runtime in RUNTIMES {
        let log = DropLog::new();
        let guard = log.guard("dropped");
        let runtime = runtime();
        let task = rt::spawn_on(&runtime, async move {
            let _guard = guard;
            yield_now().await;
            panicking()
        });
        assert!(rt::block_on(&runtime, task).unwrap_err().is_panic());
        assert_eq!(log.entries(), ["dropped"]);
    }
}

/// Panics when it is dropped, be it polled or not.
struct PanicsInDrop;

impl Drop for PanicsInDrop {
    fn drop(&mut self) {
        panicking();
    }
}

impl Future for PanicsInDrop {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        Poll::Ready(7)
    }
}

#[test]
fn a_panic_in_the_drop_of_an_aborted_future_is_a_panic_of_the_task() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        let task = rt::spawn_on(&runtime, async {
            let _guard = PanicsInDrop;
            pending::<()>().await
        });
        rt::block_on(&runtime, rt::spawn_on(&runtime, async { yield_now().await })).unwrap();
        task.abort();
        let error = rt::block_on(&runtime, task).unwrap_err();
        assert_eq!(message(error), "on purpose");
        assert_eq!(rt::block_on(&runtime, rt::spawn_on(&runtime, async { 1 })).unwrap(), 1);
    }
}

#[test]
fn a_panic_in_the_drop_of_a_finished_future_is_the_result_or_lost_but_harms_nobody() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        // Which of the two, is not promised.
        match rt::block_on(&runtime, rt::spawn_on(&runtime, PanicsInDrop)) {
            Ok(value) => assert_eq!(value, 7),
            Err(error) => assert_eq!(message(error), "on purpose"),
        }
        assert_eq!(rt::block_on(&runtime, rt::spawn_on(&runtime, async { 1 })).unwrap(), 1);
    }
}

/// Nobody takes the output, so the worker drops it.
#[test]
fn a_panic_in_the_drop_of_a_detached_output_harms_nobody() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        drop(rt::spawn_on(&runtime, async { Some(PanicsInDrop) }));
        for _ in 0..10 {
            assert_eq!(rt::block_on(&runtime, rt::spawn_on(&runtime, async { 1 })).unwrap(), 1);
        }
    }
}

/// The handle of a finished task owns its output: the panic is that of the owner.
#[test]
fn a_panic_in_the_drop_of_an_output_does_not_leave_the_runtime_broken() {
    let runtime = one_thread();
    let task = rt::spawn_on(&runtime, async { Some(PanicsInDrop) });
    rt::block_on(&runtime, async {
        while !task.is_finished() {
            yield_now().await;
        }
    });
    // Whether the drop of a handle unwinds is not promised, what follows is.
    let _unspecified = catch_unwind(AssertUnwindSafe(|| drop(task)));
    assert_eq!(rt::block_on(&runtime, rt::spawn_on(&runtime, async { 1 })).unwrap(), 1);
}

#[test]
fn a_panic_in_a_root_future_comes_out_of_block_on_and_the_runtime_goes_on() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        let polls = Polls::new();
        rt::spawn_on(&runtime, polls.of(pending::<()>()));
        for _ in 0..3 {
            let root = catch_unwind(AssertUnwindSafe(|| {
                rt::block_on(&runtime, async {
                    yield_now().await;
                    panicking()
                })
            }));
            assert_eq!(root.unwrap_err().downcast_ref(), Some(&"on purpose"));
        }
        assert_eq!(rt::block_on(&runtime, rt::spawn_on(&runtime, async { 1 })).unwrap(), 1);
        assert_eq!(polls.count(), 1);
    }
}

/// A waker that a user wrote, called by the runtime when a task is over.
#[test]
fn a_waker_that_panics_does_not_stop_the_worker() {
    struct Panics(AtomicUsize);
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
            panic_any("on purpose: in a waker");
        }
    }
    let runtime = workers(1);
    let wakes = Arc::new(Panics(AtomicUsize::new(0)));
    let (open, gate) = tokio::sync::oneshot::channel::<()>();
    let mut task = pin!(rt::spawn_on(&runtime, async { gate.await.unwrap() }));
    let waker = Waker::from(wakes.clone());
    assert!(task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    open.send(()).unwrap();
    let start = std::time::Instant::now();
    while wakes.0.load(Ordering::SeqCst) == 0 {
        assert!(start.elapsed() < super::LONG);
        thread::yield_now();
    }
    assert_eq!(rt::block_on(&runtime, rt::spawn_on(&runtime, async { 1 })).unwrap(), 1);
    assert!(rt::block_on(&runtime, task).is_ok());
}

#[test]
fn a_panic_ends_its_task_alone() {
    let runtime = workers(2);
    let (log, done) = std::sync::mpsc::channel();
    for number in 0..1_000 {
        let log = log.clone();
        rt::spawn_on(&runtime, async move {
            yield_now().await;
            if number % 2 == 0 {
                panicking();
            }
            log.send(number).unwrap();
        });
    }
    drop(log);
    let mut done: Vec<_> = done.iter().collect();
    done.sort_unstable();
    assert!(done.into_iter().eq((0..1_000).filter(|number| number % 2 == 1)));
}

/// Polled again after its end, a `JoinHandle` panics; it does not hand out twice or hang.
#[test]
fn a_join_handle_polled_after_its_end_panics() {
    rt::block_on(&one_thread(), async {
        let mut task = pin!(rt::spawn(async { 1 }));
        assert_eq!(task.as_mut().await.unwrap(), 1);
        let again = poll_fn(|cx| {
            let polled = catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(cx).is_ready()));
            Poll::Ready(polled.is_err())
        });
        assert!(again.await);
    });
}
