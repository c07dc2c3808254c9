//! Things that outlive the runtime: polls that still run, timers, sockets, handles.

use super::rt::{self, runtime::Runtime, task::block_in_place, time::sleep};
use super::{LONG, one_thread, workers};
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};
use utils::probe::DropLog;

const MILLI: Duration = Duration::from_millis(1);
const RUNTIMES: [fn() -> Runtime; 3] = [one_thread, || workers(1), || workers(2)];

fn wait_for(log: &DropLog, count: usize) {
    let begun = Instant::now();
    while log.entries().len() < count {
        assert!(begun.elapsed() < LONG, "{:?}", log.entries());
        thread::yield_now();
    }
}

/// Its worker is still in it when all others have gone: it may use what it likes.
#[test]
fn a_poll_that_outlives_its_runtime_may_go_on_using_it() {
    for in_place in [false, true] {
        let (log, runtime) = (DropLog::new(), workers(2));
        let (open, gate) = mpsc::channel::<()>();
        let (started, start) = mpsc::channel();
        let idle = rt::spawn_on(&runtime, pending::<()>());
        rt::spawn_on(&runtime, {
            let (log, local, spawned) = (log.clone(), log.guard("local"), log.guard("spawned"));
            async move {
                let _local = local;
                let wait = move || {
                    started.send(()).unwrap();
                    gate.recv().unwrap_err();
                };
                if in_place {
                    block_in_place(wait)
                } else {
                    wait()
                }
                let task = rt::spawn(async move {
                    let _spawned = spawned;
                    pending::<()>().await;
                });
                task.abort();
                idle.abort();
                let closure = rt::spawn_blocking(|| ());
                closure.abort();
                log.note("end of the poll");
                pending::<()>().await;
            }
        });
        start.recv().unwrap();
        runtime.shutdown_background();
        thread::sleep(5 * MILLI);
        assert!(log.entries().is_empty());
        drop(open);
        wait_for(&log, 3);
        let mut entries = log.entries();
        entries.sort_unstable();
        assert_eq!(entries, ["end of the poll", "local", "spawned"]);
    }
}

#[test]
fn a_drop_waits_for_a_task_that_blocks_in_place() {
    for count in [1, 2] {
        let (log, runtime) = (DropLog::new(), workers(count));
        let (started, start) = mpsc::channel();
        rt::spawn_on(&runtime, {
            let (log, local) = (log.clone(), log.guard("local"));
            async move {
                let _local = local;
                block_in_place(|| {
                    started.send(()).unwrap();
                    thread::sleep(30 * MILLI);
                    log.note("closure ended");
                });
                pending::<()>().await;
            }
        });
        start.recv().unwrap();
        drop(runtime);
        assert_eq!(log.entries(), ["closure ended", "local"]);
    }
}

/// A timer of a runtime that is gone is never due: it says so, by a panic or by being ready.
#[test]
fn a_timer_that_outlives_its_runtime_does_not_hang() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        let timer = |duration| {
            let _entered = runtime.enter();
            Box::pin(sleep(duration))
        };
        let (mut polled, unpolled, dropped) = (timer(LONG), timer(LONG), timer(LONG));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(polled.as_mut().poll(&mut cx).is_pending());
        drop(runtime);
        drop(dropped);
        for mut timer in [polled, unpolled] {
            let ended = catch_unwind(AssertUnwindSafe(|| timer.as_mut().poll(&mut cx).is_ready()));
            assert!(ended.unwrap_or(true), "pending, and for ever");
            // It does not panic when it is moved either: that is its owner's right.
            let _unspecified = catch_unwind(AssertUnwindSafe(|| {
                let later = rt::time::Instant::now() + LONG;
                timer.as_mut().reset(later);
            }));
        }
    }
}

/// A task on another runtime that waits for a timer is woken when the timer's runtime ends.
#[test]
fn whoever_waits_for_a_timer_of_a_runtime_that_ends_is_woken() {
    let (here, there) = (workers(1), workers(1));
    let timer = {
        let _entered = there.enter();
        sleep(10 * LONG)
    };
    let (waits, waiting) = mpsc::channel();
    let task = here.spawn(async move {
        let mut timer = pin!(timer);
        let mut waits = Some(waits);
        std::future::poll_fn(|cx| {
            let polled = timer.as_mut().poll(cx);
            waits.take().map(|waits| waits.send(()));
            polled
        })
        .await;
    });
    waiting.recv().unwrap();
    drop(there);
    // Ready or a panic, and not a wait without end.
    let ended = here.block_on(async { rt::time::timeout(LONG, task).await });
    let _either = ended.expect("nobody was woken");
}

#[test]
fn a_socket_that_outlives_its_runtime_gives_errors() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        let (listener, udp) = rt::block_on(&runtime, async {
            let listener = rt::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            (listener, rt::net::UdpSocket::bind("127.0.0.1:0").await.unwrap())
        });
        drop(runtime);
        let here = one_thread();
        here.block_on(async {
            let accept = rt::time::timeout(LONG, listener.accept()).await;
            assert!(accept.expect("it waits for ever").is_err());
            let receive = rt::time::timeout(LONG, async { udp.recv_from(&mut [0; 8]).await }).await;
            assert!(receive.expect("it waits for ever").is_err());
        });
    }
}

#[test]
fn a_handle_that_outlives_its_runtime_still_runs_what_needs_none() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        let handle = runtime.handle().clone();
        drop(runtime);
        assert_eq!(handle.block_on(async { 42 }), 42);
        let _entered = handle.enter();
        assert!(rt::block_on(&one_thread(), handle.spawn(async {})).unwrap_err().is_cancelled());
        // It cannot be due: no one is left to tell.
        let slept = catch_unwind(AssertUnwindSafe(|| handle.block_on(sleep(MILLI))));
        let _either = slept;
    }
}
