//! The end of a runtime with work in flight: all is dropped, once; what runs ends its poll first.

use super::rt::{self, runtime::Runtime, task::yield_now, time::sleep};
use super::{LONG, one_thread, workers};
use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::{Duration, Instant};
use utils::probe::{DropLog, Polls};

const RUNTIMES: [fn() -> Runtime; 3] = [one_thread, || workers(1), || workers(2)];

#[test]
fn tasks_that_wait_are_dropped_and_their_handles_hear_of_it() {
    for runtime in RUNTIMES {
        let (runtime, log) = (runtime(), DropLog::new());
        let waits = |name| {
            let guard = log.guard(name);
            async move {
                let _guard = guard;
                pending::<()>().await;
            }
        };
        let (task, sleeper) = (
            rt::spawn_on(&runtime, waits("dropped")),
            rt::spawn_on(&runtime, async {
                sleep(Duration::from_secs(3_600)).await;
            }),
        );
        drop(rt::spawn_on(&runtime, waits("dropped")));
        rt::block_on(&runtime, async {
            for _ in 0..5 {
                yield_now().await;
            }
        });
        assert!(log.entries().is_empty());
        drop(runtime);
        assert_eq!(log.entries(), ["dropped", "dropped"]);
        let other = one_thread();
        assert!(other.block_on(task).unwrap_err().is_cancelled());
        assert!(other.block_on(sleeper).unwrap_err().is_cancelled());
    }
}

#[test]
fn tasks_that_never_ran_are_dropped_unpolled() {
    let (polls, log) = (Polls::new(), DropLog::new());
    let runtime = one_thread();
    for _ in 0..300 {
        let guard = log.guard("dropped");
        rt::spawn_on(&runtime, polls.of(async move { drop(guard) }));
    }
    drop(runtime);
    assert_eq!((polls.count(), log.entries().len()), (0, 300));
}

/// In the slot, in the ring, in the global queue, and on its way back after a yield.
#[test]
fn whatever_queue_they_are_in_tasks_are_dropped_once() {
    for count in [1, 2] {
        let drops = Arc::new(AtomicUsize::new(0));
        struct Counted(Arc<AtomicUsize>);
        impl Drop for Counted {
            fn drop(&mut self) {
                self.0.fetch_add(1, SeqCst);
            }
        }
        let runtime = workers(count);
        let (spawned, is_spawned) = mpsc::channel();
        let guard = drops.clone();
        rt::spawn_on(&runtime, async move {
            for number in 0..600 {
                let guard = Counted(guard.clone());
                rt::spawn(async move {
                    let _guard = guard;
                    loop {
                        match number % 3 {
                            0 => yield_now().await,
                            1 => super::wake_itself().await,
                            _ => pending().await,
                        }
                    }
                });
            }
            spawned.send(()).unwrap();
        });
        is_spawned.recv().unwrap();
        drop(runtime);
        assert_eq!(drops.load(SeqCst), 600);
    }
}

#[test]
fn a_running_task_ends_its_poll_first() {
    let runtime = workers(1);
    let log = DropLog::new();
    let meeting = Arc::new(Barrier::new(2));
    rt::spawn_on(&runtime, {
        let (meeting, log, guard) = (meeting.clone(), log.clone(), log.guard("dropped"));
        async move {
            let _guard = guard;
            meeting.wait();
            thread::sleep(Duration::from_millis(50));
            log.note("end of the poll");
            pending::<()>().await;
        }
    });
    meeting.wait();
    drop(runtime);
    assert_eq!(log.entries(), ["end of the poll", "dropped"]);
}

/// A queued task may or may not run before the end. In both cases it is dropped.
#[test]
fn a_running_closure_is_awaited() {
    let mut builder = rt::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().max_blocking_threads(1).build().unwrap();
    let log = DropLog::new();
    let (started, start) = mpsc::channel();
    let running = log.clone();
    rt::spawn_blocking_on(&runtime, move || {
        started.send(()).unwrap();
        thread::sleep(Duration::from_millis(50));
        running.note("closure ended");
    });
    let (queued, guard) = (log.clone(), log.guard("queued dropped"));
    let perhaps = rt::spawn_blocking_on(&runtime, move || {
        let _guard = guard;
        queued.note("queued ran");
    });
    start.recv().unwrap();
    drop(runtime);
    let entries = log.entries();
    let ran = entries.contains(&"queued ran");
    assert!(entries.contains(&"closure ended"));
    assert_eq!(entries.iter().filter(|&&entry| entry == "queued dropped").count(), 1);
    match rt::block_on(&one_thread(), perhaps) {
        Ok(()) => assert!(ran),
        Err(error) => assert!(!ran && error.is_cancelled()),
    }
}

#[test]
fn shutdown_timeout_waits_so_long_and_no_longer() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        let (open, gate) = mpsc::channel::<()>();
        let (started, start) = mpsc::channel();
        rt::spawn_blocking_on(&runtime, move || {
            started.send(()).unwrap();
            gate.recv().unwrap_err();
        });
        start.recv().unwrap();
        let begun = Instant::now();
        runtime.shutdown_timeout(Duration::from_millis(30));
        assert!((Duration::from_millis(30)..LONG / 2).contains(&begun.elapsed()));
        drop(open);
        // Nothing to wait for: it does not use up its time.
        let runtime = self::workers(2);
        let begun = Instant::now();
        runtime.shutdown_timeout(2 * LONG);
        assert!(begun.elapsed() < LONG);
    }
}

/// A task of another runtime, or of the same one, may call it.
#[test]
fn shutdown_background_does_not_wait_and_works_inside_of_a_runtime() {
    let (open, gate) = mpsc::channel::<()>();
    let (started, start) = mpsc::channel();
    let runtime = workers(1);
    let log = DropLog::new();
    rt::spawn_on(&runtime, {
        let guard = log.guard("dropped");
        async move {
            let _guard = guard;
            started.send(()).unwrap();
            gate.recv().unwrap_err();
            pending::<()>().await;
        }
    });
    start.recv().unwrap();
    rt::block_on(&one_thread(), async { runtime.shutdown_background() });
    assert!(log.entries().is_empty(), "its poll is still running");
    drop(open);
    let begun = Instant::now();
    while log.entries().is_empty() {
        assert!(begun.elapsed() < LONG);
        thread::yield_now();
    }
}

/// A task that owns the last reference to something with a runtime in it would wait for itself.
#[test]
fn a_runtime_dropped_inside_of_a_runtime_panics_and_does_not_hang() {
    let (outer, inner) = (workers(1), workers(1));
    let task = outer.spawn(async move { drop(inner) });
    assert!(outer.block_on(task).unwrap_err().is_panic());
    assert_eq!(outer.block_on(outer.spawn(async { 1 })).unwrap(), 1);
}

#[test]
fn a_spawn_after_the_end_is_cancelled_at_once() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        let handle = runtime.handle().clone();
        drop(runtime);
        let log = DropLog::new();
        let guard = log.guard("dropped");
        let task = handle.spawn(async move { drop(guard) });
        assert_eq!(log.entries(), ["dropped"]);
        let other = one_thread();
        assert!(other.block_on(task).unwrap_err().is_cancelled());
        let closure = handle.spawn_blocking(|| 1);
        assert!(other.block_on(closure).unwrap_err().is_cancelled());
    }
}
