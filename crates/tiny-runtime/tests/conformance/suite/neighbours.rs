//! A task that blocks, never ends, or forgets its waker harms nobody else.

use super::rt::{self, runtime::Runtime, task::yield_now, time};
use super::{LONG, one_thread, wake_itself, workers};
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::oneshot;
use utils::probe::{CountingWaker, Polls};

const MILLI: Duration = Duration::from_millis(1);

/// Tasks, timers, closures and a socket on the rest of the runtime.
fn others_go_on(runtime: &Runtime) {
    let task = rt::spawn_on(runtime, async {
        let value = rt::spawn(async { 1 }).await.unwrap();
        time::sleep(MILLI).await;
        let closure = rt::spawn_blocking(|| 2).await.unwrap();
        let listener = rt::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let client = rt::net::TcpStream::connect(address);
        let (accepted, connected) = tokio::join!(listener.accept(), client);
        assert!(accepted.is_ok() && connected.is_ok());
        value + closure
    });
    let answer = rt::block_on(runtime, async { time::timeout(LONG, task).await });
    assert_eq!(answer.expect("the others stand still").unwrap(), 3);
}

/// The one with the driver blocks, or the other one: both have been in it.
#[test]
fn a_task_that_blocks_its_worker_leaves_the_others_theirs() {
    let runtime = workers(3);
    for _ in 0..20 {
        let (open, gate) = mpsc::channel::<()>();
        let (started, start) = mpsc::channel();
        let (sender, receiver) = mpsc::channel();
        let blocks = rt::spawn_on(&runtime, async move {
            // Woken by a task, so that at least one more worker is awake.
            rt::spawn(async move { sender.send(()).unwrap() }).await.unwrap();
            started.send(()).unwrap();
            gate.recv().unwrap_err();
            receiver.recv().unwrap();
        });
        start.recv_timeout(LONG).expect("it starts");
        for _ in 0..5 {
            others_go_on(&runtime);
        }
        drop(open);
        rt::block_on(&runtime, blocks).unwrap();
    }
}

#[test]
fn tasks_that_are_always_ready_leave_the_others_their_turns() {
    for runtime in [one_thread(), workers(1), workers(2)] {
        let stop = Arc::new(AtomicBool::new(false));
        let busy: Vec<_> = (0..6)
            .map(|number| {
                let stop = stop.clone();
                rt::spawn_on(&runtime, async move {
                    while !stop.load(Ordering::Relaxed) {
                        match number % 2 {
                            0 => yield_now().await,
                            _ => wake_itself().await,
                        }
                    }
                })
            })
            .collect();
        for _ in 0..5 {
            others_go_on(&runtime);
        }
        stop.store(true, Ordering::Relaxed);
        for task in busy {
            rt::block_on(&runtime, task).unwrap();
        }
    }
}

/// Chains through the slot that never end: each task wakes the other and waits.
#[test]
fn a_pair_that_talks_for_ever_leaves_the_others_their_turns() {
    for runtime in [one_thread(), workers(1), workers(2)] {
        let pairs: Vec<_> = (0..4)
            .flat_map(|_| {
                let (to_b, mut from_a) = tokio::sync::mpsc::channel(1);
                let (to_a, mut from_b) = tokio::sync::mpsc::channel(1);
                to_a.try_send(()).unwrap();
                let a = rt::spawn_on(&runtime, async move {
                    while from_b.recv().await.is_some() && to_b.send(()).await.is_ok() {}
                });
                let b = rt::spawn_on(&runtime, async move {
                    while from_a.recv().await.is_some() && to_a.send(()).await.is_ok() {}
                });
                [a, b]
            })
            .collect();
        for _ in 0..5 {
            others_go_on(&runtime);
        }
        pairs.iter().for_each(|task| task.abort());
    }
}

#[test]
fn a_root_that_is_always_ready_leaves_the_tasks_their_turns() {
    for runtime in [one_thread(), workers(1)] {
        let done = Arc::new(AtomicBool::new(false));
        let task = rt::spawn_on(&runtime, {
            let done = done.clone();
            async move {
                for _ in 0..5 {
                    yield_now().await;
                    time::sleep(MILLI).await;
                }
                done.store(true, Ordering::Relaxed);
            }
        });
        rt::block_on(&runtime, async {
            while !done.load(Ordering::Relaxed) {
                wake_itself().await;
            }
        });
        rt::block_on(&runtime, task).unwrap();
    }
}

/// Registered nowhere, it is never polled again: it can be aborted, and is dropped in the end.
#[test]
fn a_forgotten_waker_harms_nobody() {
    for runtime in [one_thread(), workers(2)] {
        let polls = Polls::new();
        let forgetful: Vec<_> = (0..100)
            .map(|_| {
                rt::spawn_on(
                    &runtime,
                    polls.of(poll_fn(|cx| {
                        // A reference that nobody ever gives back.
                        std::mem::forget(cx.waker().clone());
                        Poll::<()>::Pending
                    })),
                )
            })
            .collect();
        others_go_on(&runtime);
        assert_eq!(polls.count(), 100);
        for task in forgetful {
            task.abort();
            assert!(rt::block_on(&runtime, task).unwrap_err().is_cancelled());
        }
        assert_eq!(polls.count(), 100);
    }
}

/// Half of them panic, the rest is aborted, dropped or finished: what is left works.
#[test]
fn after_thousands_of_bad_tasks_the_runtime_is_as_new() {
    for runtime in [one_thread(), workers(2)] {
        for round in 0..2_000 {
            let task = rt::spawn_on(&runtime, async move {
                match round % 4 {
                    0 => std::panic::resume_unwind(Box::new(round)),
                    1 => pending().await,
                    2 => yield_now().await,
                    _ => {}
                }
            });
            if round % 4 == 1 {
                task.abort();
            }
            if round % 3 == 0 {
                let ended = rt::block_on(&runtime, task);
                assert_eq!(ended.is_ok(), round % 4 > 1);
            }
        }
        others_go_on(&runtime);
    }
}

/// A has yielded and waits for the next driver poll when B takes the worker's thread with it.
#[test]
fn a_yield_that_was_under_way_when_another_blocked_in_place_comes_back() {
    for count in [1, 2] {
        let runtime = workers(count);
        for _ in 0..20 {
            let (done, is_done) = oneshot::channel();
            let root = rt::spawn_on(&runtime, async move {
                let a = rt::spawn(async move {
                    yield_now().await;
                    done.send(()).unwrap();
                });
                let b = rt::spawn(async {
                    let (sender, other) = mpsc::channel();
                    rt::spawn(async move { sender.send(()).unwrap() });
                    // The core is with another thread by now.
                    rt::task::block_in_place(|| other.recv().unwrap());
                });
                // Pushes both out of the slot: A runs before B.
                rt::spawn(async {});
                [a, b]
            });
            let tasks = rt::block_on(&runtime, root).unwrap();
            let back = rt::block_on(&runtime, async { time::timeout(LONG, is_done).await });
            back.expect("the yield is lost").unwrap();
            for task in tasks {
                rt::block_on(&runtime, task).unwrap();
            }
        }
    }
}

/// If it did not, each task that awaits the one before would keep the one after, as long as the first is
/// kept.
#[test]
fn a_task_that_is_over_keeps_no_waker() {
    for runtime in [one_thread(), workers(1)] {
        let (finish, finished) = oneshot::channel::<()>();
        let mut task = rt::spawn_on(&runtime, finished);
        let keeps_the_task = task.abort_handle();
        let (waits, waker) = CountingWaker::new();
        assert!(pin!(&mut task).poll(&mut Context::from_waker(&waker)).is_pending());
        drop(waker);
        finish.send(()).unwrap();
        rt::block_on(&runtime, async {
            while !task.is_finished() {
                yield_now().await;
            }
        });
        drop(task);
        let forgotten = async {
            while Arc::strong_count(&waits) > 1 {
                yield_now().await;
            }
        };
        rt::block_on(&runtime, async { time::timeout(LONG, forgotten).await }).unwrap();
        drop(keeps_the_task);
    }
}
