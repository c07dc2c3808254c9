//! The drop of a task's future and output: when, on which thread, and how often: once.

use super::rt::{self, runtime::Runtime, task::yield_now};
use super::{LONG, one_thread, workers};
use std::future::pending;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Wake, Waker};
use std::thread::{self, ThreadId};
use utils::probe::DropLog;

/// When the local and the output of a task are dropped, beside its end and that of its handle.
fn drops(keep_the_handle: bool) -> Vec<&'static str> {
    let log = DropLog::new();
    rt::block_on(&one_thread(), async {
        let local = log.guard("local dropped");
        let output = log.guard("output dropped");
        let task = rt::spawn(async move {
            let _local = local;
            yield_now().await;
            output
        });
        // Without its handle the task is detached, not cancelled.
        let kept = keep_the_handle.then_some(task);
        for _ in 0..3 {
            yield_now().await;
        }
        log.note("task over");
        drop(kept);
        log.note("handle gone");
    });
    log.entries()
}

#[test]
fn the_output_lives_as_long_as_the_handle() {
    let kept = ["local dropped", "task over", "output dropped", "handle gone"];
    assert_eq!(drops(true), kept);
}

#[test]
fn without_a_handle_the_output_goes_at_once() {
    let detached = ["local dropped", "output dropped", "task over", "handle gone"];
    assert_eq!(drops(false), detached);
}

/// A task that the handle wakes may rely on it: the values that the task held are dropped.
#[test]
fn the_future_is_dropped_before_the_handle_wakes() {
    struct Notes(DropLog);
    impl Wake for Notes {
        fn wake(self: Arc<Self>) {
            self.0.note("handle woken");
        }
    }
    for abort in [false, true] {
        let log = DropLog::new();
        let waker = Waker::from(Arc::new(Notes(log.clone())));
        rt::block_on(&one_thread(), async {
            let local = log.guard("local dropped");
            let (open, gate) = tokio::sync::oneshot::channel::<()>();
            let mut task = pin!(rt::spawn(async move {
                let _local = local;
                gate.await.unwrap();
            }));
            assert!(task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            yield_now().await;
            if abort {
                task.abort();
            } else {
                open.send(()).unwrap();
            }
            while !task.is_finished() {
                yield_now().await;
            }
        });
        assert_eq!(log.entries(), ["local dropped", "handle woken"], "abort: {abort}");
    }
}

/// Counts its drops, and the threads on which they happened.
#[derive(Clone, Default)]
struct Count(Arc<(AtomicUsize, Mutex<Vec<ThreadId>>)>);

struct Counted(Count);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.0.fetch_add(1, SeqCst);
        self.0.0.1.lock().unwrap().push(thread::current().id());
    }
}

impl Count {
    fn guard(&self) -> Counted {
        Counted(self.clone())
    }

    fn drops(&self) -> usize {
        self.0.0.load(SeqCst)
    }
}

#[test]
fn a_future_and_its_output_are_dropped_once_however_it_ends() {
    let runtimes: [fn() -> Runtime; 2] = [one_thread, || workers(2)];
    for runtime in runtimes {
        let (futures, outputs) = (Count::default(), Count::default());
        let runtime = runtime();
        let tasks: Vec<_> = (0..1_000)
            .map(|number| {
                let (local, output) = (futures.guard(), outputs.guard());
                let task = rt::spawn_on(&runtime, async move {
                    let _local = local;
                    if number % 5 == 0 {
                        yield_now().await;
                    }
                    match number % 4 {
                        0 => resume_unwind(Box::new(())),
                        1 => pending().await,
                        _ => output,
                    }
                });
                if number % 3 == 0 {
                    task.abort();
                }
                task
            })
            .collect();
        for (number, task) in tasks.into_iter().enumerate() {
            if number % 7 == 0 {
                // Detached, and perhaps never to end.
                continue;
            }
            if number % 4 == 1 {
                task.abort();
            }
            // Any end will do.
            let _ended = rt::block_on(&runtime, task);
        }
        drop(runtime);
        assert_eq!((futures.drops(), outputs.drops()), (1_000, 1_000));
    }
}

/// Not where the handle was dropped, and not where the abort came from.
#[test]
fn an_aborted_future_is_dropped_by_a_worker() {
    let runtime = workers(1);
    let worker =
        rt::block_on(&runtime, rt::spawn_on(&runtime, async { thread::current().id() })).unwrap();
    let count = Count::default();
    let guard = count.guard();
    let (polled, is_polled) = mpsc::channel();
    let task = rt::spawn_on(&runtime, async move {
        let _guard = guard;
        polled.send(()).unwrap();
        pending::<()>().await;
    });
    is_polled.recv_timeout(LONG).unwrap();
    task.abort();
    assert!(rt::block_on(&runtime, task).unwrap_err().is_cancelled());
    assert_eq!(*count.0.1.lock().unwrap(), [worker]);
}

/// The last reference may be a waker on a foreign thread; the future is long gone by then.
#[test]
fn a_waker_keeps_the_memory_but_not_the_future() {
    let runtime = workers(1);
    let count = Count::default();
    let guard = count.guard();
    let (registry, registered) = mpsc::channel::<Waker>();
    let task = rt::spawn_on(&runtime, async move {
        let _guard = guard;
        std::future::poll_fn(|cx| {
            registry.send(cx.waker().clone()).unwrap();
            std::task::Poll::Ready(())
        })
        .await;
    });
    rt::block_on(&runtime, task).unwrap();
    assert_eq!(count.drops(), 1);
    let waker = registered.recv().unwrap();
    drop(runtime);
    thread::spawn(move || (waker.wake_by_ref(), drop(waker))).join().unwrap();
    assert_eq!(count.drops(), 1);
}

/// A future that owns the handle of its own task, or that of a task that owns its own.
#[test]
fn tasks_that_own_each_others_handles_end() {
    let runtime = workers(2);
    let count = Count::default();
    let (own, receiver) = tokio::sync::oneshot::channel::<rt::task::JoinHandle<()>>();
    let guard = count.guard();
    let task = rt::spawn_on(&runtime, async move {
        let _guard = guard;
        let _own = receiver.await.unwrap();
        pending::<()>().await;
    });
    own.send(task).unwrap();
    drop(runtime);
    assert_eq!(count.drops(), 1);
}

/// A task that a destructor spawns or aborts, while its own task ends, is served as any other.
#[test]
fn a_destructor_may_use_the_runtime() {
    struct Spawns(mpsc::Sender<&'static str>);
    impl Drop for Spawns {
        fn drop(&mut self) {
            let log = self.0.clone();
            rt::spawn(async move { log.send("spawned in a drop").unwrap() });
        }
    }
    let runtimes: [fn() -> Runtime; 2] = [one_thread, || workers(1)];
    for runtime in runtimes {
        let (runtime, (log, seen)) = (runtime(), mpsc::channel());
        let (finished, aborted) = (Spawns(log.clone()), Spawns(log));
        let task = rt::spawn_on(&runtime, async move {
            let _local = aborted;
            pending::<()>().await;
        });
        rt::block_on(&runtime, rt::spawn_on(&runtime, async move { drop(finished) })).unwrap();
        task.abort();
        assert!(rt::block_on(&runtime, task).unwrap_err().is_cancelled());
        rt::block_on(&runtime, async {
            for _ in 0..10 {
                yield_now().await;
            }
        });
        let seen: Vec<_> = (0..2).map(|_| seen.recv_timeout(LONG).unwrap()).collect();
        assert_eq!(seen, ["spawned in a drop"; 2]);
    }
}
