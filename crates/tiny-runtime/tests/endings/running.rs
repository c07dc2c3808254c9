//! Polls that run while their runtime ends: each is awaited, and every other task is dropped meanwhile.

use super::matrix::{assert_cancelled, in_time, one_thread, workers};

use super::rt::{self, IS_TOKIO, net::TcpListener, task::yield_now, time::sleep};
use super::support::{HOUR, block, spawn_pending, wait_for_the_end};
use std::future::{pending, poll_fn};
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use utils::probe::DropLog;

#[test]
fn what_waits_is_dropped_while_a_poll_still_runs() {
    in_time("two workers", || {
        let runtime = workers(2);
        let task = spawn_pending(&runtime);
        let open = block(&runtime);
        runtime.shutdown_background();
        assert_cancelled(task);
        drop(open);
    });
}

/// On Tokio they wait for a worker: for any of them, timers and sockets for all.
#[test]
fn what_waits_is_dropped_while_every_worker_polls_but_on_tokio() {
    in_time("one worker", || {
        let runtime = workers(1);
        let task = spawn_pending(&runtime);
        let handle = runtime.handle().clone();
        let (waits, waiting) = mpsc::channel();
        let sleeper = thread::spawn(move || {
            handle.block_on(async {
                let mut sleeps = Box::pin(sleep(HOUR));
                poll_fn(|context| {
                    let poll = sleeps.as_mut().poll(context);
                    let _later = waits.send(());
                    poll
                })
                .await;
            });
        });
        waiting.recv().unwrap();
        let open = block(&runtime);
        runtime.shutdown_background();
        if IS_TOKIO {
            assert!(!task.is_finished() && !sleeper.is_finished());
            drop(open);
            assert_cancelled(task);
            sleeper.join().unwrap_err();
        } else {
            assert_cancelled(task);
            sleeper.join().unwrap_err();
            drop(open);
        }
    });
}

/// Nobody has polled them: they are in the queue of a worker that waits for them.
#[test]
fn what_is_queued_behind_a_poll_is_dropped_as_well() {
    for count in [1, 10, 300] {
        in_time("queued", move || {
            let (runtime, log) = (workers(2), DropLog::new());
            let open = block(&runtime);
            let (begin, begun) = mpsc::channel();
            let guards = log.clone();
            let waits = runtime.spawn(async move {
                let (hold, held) = mpsc::channel::<()>();
                for _ in 0..count {
                    let holds = (guards.guard("dropped"), hold.clone());
                    rt::spawn(async move {
                        let _holds = holds;
                        pending::<()>().await;
                    });
                }
                drop(hold);
                begin.send(()).unwrap();
                held.recv().unwrap_err();
            });
            begun.recv().unwrap();
            runtime.shutdown_background();
            // On Tokio it is the worker that is free now which drops them.
            drop(open);
            one_thread().block_on(waits).unwrap();
            assert_eq!(log.entries().len(), count);
        });
    }
}

/// It holds what the task wants that wakes it and then blocks.
#[test]
fn what_was_woken_by_a_poll_that_waits_for_it_is_dropped_as_well() {
    in_time("woken", || {
        let runtime = workers(2);
        let (wake, mut woken) = tokio::sync::mpsc::unbounded_channel();
        let ((hold, held), (begin, begun)) = (mpsc::channel::<()>(), mpsc::channel());
        let begins = begin.clone();
        runtime.spawn(async move {
            let _hold = hold;
            begins.send(()).unwrap();
            woken.recv().await.unwrap();
            unreachable!("its worker blocks, and then there is no other");
        });
        begun.recv().unwrap();
        let open = block(&runtime);
        let waits = runtime.spawn(async move {
            wake.send(()).unwrap();
            begin.send(()).unwrap();
            held.recv().unwrap_err();
        });
        begun.recv().unwrap();
        runtime.shutdown_background();
        drop(open);
        one_thread().block_on(waits).unwrap();
    });
}

/// A running poll may ask its runtime for what it likes: its task is cancelled, as the others are.
#[test]
fn a_poll_that_goes_on_to_wait_is_cancelled_and_sees_no_end() {
    for count in [1, 2] {
        for what in ["sleep", "old sleep", "accept", "yield", "nothing"] {
            in_time(what, move || {
                let (runtime, log) = (workers(count), DropLog::new());
                let handle = runtime.handle().clone();
                let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
                let ((open, gate), (begin, begun)) = (mpsc::channel::<()>(), mpsc::channel());
                let guard = log.guard("dropped");
                let task = runtime.spawn(async move {
                    let _guard = guard;
                    let mut old = Box::pin(sleep(HOUR));
                    let first = poll_fn(|context| Poll::Ready(old.as_mut().poll(context)));
                    assert!(first.await.is_pending());
                    begin.send(()).unwrap();
                    gate.recv().unwrap_err();
                    match what {
                        "sleep" => sleep(HOUR).await,
                        "old sleep" => old.await,
                        "accept" => drop(listener.accept().await),
                        // On Tokio, a worker polls once more before it looks.
                        "yield" if !IS_TOKIO => yield_now().await,
                        _ => pending().await,
                    }
                    unreachable!("it is not polled again");
                });
                begun.recv().unwrap();
                let outside = thread::spawn({
                    let handle = handle.clone();
                    move || handle.block_on(sleep(HOUR))
                });
                let dropper = thread::spawn(move || drop(runtime));
                wait_for_the_end(&handle);
                if !IS_TOKIO {
                    outside.join().unwrap_err();
                }
                drop(open);
                dropper.join().unwrap();
                assert_cancelled(task);
                assert_eq!(log.entries(), ["dropped"]);
            });
        }
    }
}

/// By a poll that still runs, on its worker and where it has none any more, and from outside.
#[test]
fn a_spawn_during_the_end_is_cancelled_at_once() {
    for in_place in [false, true] {
        in_time("spawn", move || {
            let (runtime, log) = (workers(2), DropLog::new());
            let pending = spawn_pending(&runtime);
            let ((open, gate), (begin, begun)) = (mpsc::channel::<()>(), mpsc::channel());
            let guards = log.clone();
            let spawns = runtime.spawn(async move {
                let spawn = move || {
                    begin.send(()).unwrap();
                    gate.recv().unwrap_err();
                    let guard = guards.guard("dropped");
                    let task = rt::spawn(async move { drop(guard) });
                    assert!(task.is_finished());
                    assert_eq!(guards.entries(), ["dropped"]);
                    let closure = rt::task::spawn_blocking(|| ());
                    assert!(closure.is_finished());
                    (task, closure)
                };
                if in_place { rt::task::block_in_place(spawn) } else { spawn() }
            });
            begun.recv().unwrap();
            let handle = runtime.handle().clone();
            let dropper = thread::spawn(move || drop(runtime));
            wait_for_the_end(&handle);
            // By now the other worker, or another thread, has seen the end.
            assert_cancelled(pending);
            assert_cancelled(handle.spawn(async {}));
            drop(open);
            let (task, closure) = one_thread().block_on(spawns).unwrap();
            assert_cancelled(task);
            assert_cancelled(closure);
            dropper.join().unwrap();
        });
    }
}
