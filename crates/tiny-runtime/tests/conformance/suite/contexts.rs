//! Which runtime a thread is in, where `spawn` puts a task, and where `block_on` is refused.

use super::rt::{self, runtime::Handle, runtime::Runtime, task::yield_now, time::sleep};
use super::{one_thread, workers};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;
use utils::probe::CountingWaker;

const NESTED: &str = "Cannot start a runtime from within a runtime. This happens because a \
                      function (like `block_on`) attempted to block the current thread while the \
                      thread is being used to drive asynchronous tasks. If you are in an async \
                      function, use `.await` on the future instead of blocking on it.";

const RUNTIMES: [fn() -> Runtime; 2] = [one_thread, || workers(2)];

fn panic_of<T>(work: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(work)) else { return String::new() };
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => payload.downcast_ref::<&str>().unwrap().to_string(),
    }
}

#[test]
fn block_on_inside_of_block_on_panics_and_does_not_hang() {
    for runtime in RUNTIMES {
        let (runtime, other) = (runtime(), runtime());
        let again = rt::block_on(&runtime, async { panic_of(|| rt::block_on(&runtime, async {})) });
        assert_eq!(again, NESTED);
        let on_the_other = rt::block_on(&runtime, async { panic_of(|| other.block_on(async {})) });
        assert_eq!(on_the_other, NESTED);
        let in_a_task =
            rt::spawn_on(&runtime, async { panic_of(|| Handle::current().block_on(async {})) });
        assert_eq!(rt::block_on(&runtime, in_a_task).unwrap(), NESTED);
        // Outside it is allowed again.
        rt::block_on(&runtime, async {});
    }
}

#[test]
fn outside_of_a_runtime_there_is_none() {
    assert!(Handle::try_current().is_err());
    assert_ne!(panic_of(Handle::current), "");
    assert_ne!(panic_of(|| rt::spawn(async {})), "");
    assert_ne!(panic_of(|| rt::task::spawn_blocking(|| ())), "");
    assert_ne!(panic_of(|| sleep(Duration::ZERO)), "");
    // Not even after one has been here.
    rt::block_on(&one_thread(), async {});
    assert!(Handle::try_current().is_err());
}

#[test]
fn enter_makes_a_runtime_current_without_running_it() {
    let (outer, inner) = (workers(1), workers(1));
    let worker_of = |runtime: &Runtime| {
        rt::block_on(runtime, rt::spawn_on(runtime, async { thread::current().id() })).unwrap()
    };
    let here = || {
        let task = rt::spawn(async { thread::current().id() });
        thread::scope(|scope| scope.spawn(|| outer.block_on(task).unwrap()).join().unwrap())
    };
    let entered = outer.enter();
    assert_eq!(here(), worker_of(&outer));
    {
        let _entered = inner.enter();
        assert_eq!(here(), worker_of(&inner));
    }
    assert_eq!(here(), worker_of(&outer));
    // To be current is not to be inside: this thread may block.
    inner.block_on(async {});
    drop(entered);
    assert!(Handle::try_current().is_err());
}

/// `block_on` of one runtime makes it current; `enter` inside overrules it for a while.
#[test]
fn the_innermost_runtime_counts() {
    let (outer, inner) = (workers(1), workers(1));
    outer.block_on(async {
        let in_outer = rt::spawn(async { thread::current().id() }).await.unwrap();
        let task = {
            let _entered = inner.enter();
            rt::spawn(async { thread::current().id() })
        };
        assert_ne!(task.await.unwrap(), in_outer);
        assert_eq!(rt::spawn(async { thread::current().id() }).await.unwrap(), in_outer);
    });
}

#[test]
fn a_task_finds_its_own_runtime() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        let task = rt::spawn_on(&runtime, async {
            let inner = Handle::current().spawn(async { rt::spawn(async { 42 }).await.unwrap() });
            let closure = rt::spawn_blocking(|| Handle::try_current().is_ok());
            (inner.await.unwrap(), closure.await.unwrap())
        });
        assert_eq!(rt::block_on(&runtime, task).unwrap(), (42, true));
    }
}

#[test]
fn a_task_of_one_runtime_awaits_a_task_of_another() {
    let (one, other) = (one_thread(), workers(1));
    for _ in 0..100 {
        let remote = other.spawn(async {
            yield_now().await;
            sleep(Duration::ZERO).await;
            42
        });
        let local = one.spawn(async move { remote.await.unwrap() + 1 });
        assert_eq!(one.block_on(local).unwrap(), 43);
    }
}

/// The root of a multi-thread runtime is on the caller's thread, and no worker.
#[test]
fn the_root_runs_on_the_thread_that_calls() {
    for runtime in RUNTIMES {
        let here = thread::current().id();
        // Not `Send`, and borrowed.
        let borrowed = std::cell::Cell::new(0);
        let runtime = runtime();
        let root = rt::block_on(&runtime, async {
            for _ in 0..10 {
                yield_now().await;
                borrowed.set(borrowed.get() + 1);
                assert_eq!(thread::current().id(), here);
            }
            "value"
        });
        assert_eq!((root, borrowed.get()), ("value", 10));
    }
}

#[test]
fn any_number_of_threads_may_be_in_block_on() {
    let runtime = workers(2);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let task = rt::spawn_on(&runtime, async { yield_now().await });
                    rt::block_on(&runtime, task).unwrap();
                    runtime.handle().block_on(sleep_in_task());
                }
            });
        }
    });
}

async fn sleep_in_task() {
    rt::spawn(sleep(Duration::from_micros(10))).await.unwrap();
}

/// A handle drives nothing on the current-thread flavor: somebody else has to be in `block_on`.
#[test]
fn a_handle_blocks_on_what_the_runtime_runs() {
    let runtime = one_thread();
    let handle = runtime.handle().clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let other = thread::spawn(move || {
        let value = handle.block_on(async {
            sleep(Duration::from_millis(1)).await;
            rt::spawn(async { 42 }).await.unwrap()
        });
        stop.send(()).unwrap();
        value
    });
    rt::block_on(&runtime, stopped).unwrap();
    assert_eq!(other.join().unwrap(), 42);
}

#[test]
fn flavors_have_the_workers_that_they_were_given() {
    assert_eq!(one_thread().metrics().num_workers(), 1);
    assert_eq!(workers(3).metrics().num_workers(), 3);
    assert_ne!(panic_of(|| workers(0)), "");
}

/// Any executor may await what a runtime makes, and a yield needs no runtime at all.
#[test]
fn handles_and_yields_work_on_a_foreign_executor() {
    let (counter, waker) = CountingWaker::new();
    let mut cx = Context::from_waker(&waker);
    let mut yields = pin!(yield_now());
    assert!(yields.as_mut().poll(&mut cx).is_pending());
    assert_eq!(counter.wakes(), 1);
    assert!(yields.as_mut().poll(&mut cx).is_ready());

    let runtime = workers(1);
    let mut tasks: Vec<_> =
        (0..300).map(|number| rt::spawn_on(&runtime, async move { number })).collect();
    rt::block_on(&runtime, async {
        while !tasks.iter().all(|task| task.is_finished()) {
            yield_now().await;
        }
    });
    // No budget either: nobody would renew it.
    for (number, task) in tasks.iter_mut().enumerate() {
        assert!(matches!(pin!(task).poll(&mut cx), Poll::Ready(Ok(value)) if value == number));
    }
    assert_eq!(counter.wakes(), 1);
}

trait NotSend<Ambiguous> {
    fn holds() {}
}
impl<T: ?Sized> NotSend<()> for T {}
impl<T: ?Sized + Send> NotSend<u8> for T {}

/// Dropped on another thread it would change what is current there.
#[test]
fn the_guard_of_enter_stays_on_its_thread() {
    // If it were `Send`, this would not compile: which of the two is meant?
    <rt::runtime::EnterGuard as NotSend<_>>::holds();
}
