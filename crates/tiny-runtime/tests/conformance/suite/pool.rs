//! The blocking pool: threads up to a limit, a queue without one, an end for idle threads.

use super::rt::{self, runtime::Builder, runtime::Runtime, spawn_blocking};
use super::{LONG, one_thread, workers};
use rt::task::{JoinHandle, yield_now};
use std::sync::{Arc, Barrier, RwLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};
use utils::probe::DropLog;

const MILLI: Duration = Duration::from_millis(1);

fn pool_of(threads: usize) -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().max_blocking_threads(threads).build().unwrap()
}

/// How many threads and how many queued closures there are, once `threads` closures run.
fn threads_and_queue(runtime: &Runtime, closures: usize, threads: usize) -> [usize; 2] {
    let gate = Arc::new(RwLock::new(()));
    let closed = gate.write().unwrap();
    let (log, starts) = mpsc::channel();
    for _ in 0..closures {
        let (gate, log) = (gate.clone(), log.clone());
        rt::spawn_blocking_on(runtime, move || {
            log.send(()).unwrap();
            drop(gate.read().unwrap());
        });
    }
    drop(log);
    let started = (0..threads).map_while(|_| starts.recv_timeout(LONG).ok()).count();
    let metrics = runtime.metrics();
    let seen = [metrics.num_blocking_threads(), metrics.blocking_queue_depth()];
    drop(closed);
    assert_eq!(started, threads);
    assert_eq!(starts.iter().count(), closures - threads, "each runs in the end");
    seen
}

#[test]
fn by_default_512_of_600_closures_start_and_88_wait() {
    assert_eq!(threads_and_queue(&one_thread(), 600, 512), [512, 88]);
}

/// The workers are not counted.
#[test]
fn the_limit_is_a_setting_and_comes_on_top_of_the_workers() {
    assert_eq!(threads_and_queue(&pool_of(1), 3, 1), [1, 2]);
    assert_eq!(threads_and_queue(&pool_of(2), 5, 2), [2, 3]);
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).max_blocking_threads(3).build().unwrap();
    assert_eq!(threads_and_queue(&runtime, 5, 3), [3, 2]);
}

#[test]
fn one_thread_takes_them_in_the_order_of_spawning() {
    let runtime = pool_of(1);
    let (log, order) = mpsc::channel();
    for number in 0..100 {
        let log = log.clone();
        rt::spawn_blocking_on(&runtime, move || log.send(number).unwrap());
    }
    drop(log);
    assert_eq!(order.iter().collect::<Vec<_>>(), Vec::from_iter(0..100));
}

#[test]
fn an_idle_thread_ends_after_its_keep_alive_and_another_is_started_when_needed() {
    let keep_alive = Duration::from_millis(50);
    let mut builder = Builder::new_current_thread();
    let runtime = builder.thread_keep_alive(keep_alive).build().unwrap();
    for _ in 0..3 {
        let start = Instant::now();
        rt::block_on(&runtime, rt::spawn_blocking_on(&runtime, || ())).unwrap();
        while runtime.metrics().num_blocking_threads() > 0 {
            assert!(start.elapsed() < LONG);
            thread::sleep(Duration::from_millis(1));
        }
        assert!(start.elapsed() >= keep_alive, "{:?}", start.elapsed());
    }
}

/// One closure after the other: never more than the one or two threads that this needs.
#[test]
fn an_idle_thread_takes_the_next_closure() {
    let runtime = one_thread();
    let mut threads = std::collections::HashSet::new();
    for _ in 0..100 {
        let id = rt::block_on(&runtime, rt::spawn_blocking_on(&runtime, || thread::current().id()));
        threads.insert(id.unwrap());
        thread::sleep(Duration::from_millis(1));
    }
    assert!(threads.len() < 10, "{}", threads.len());
}

/// Holds a thread of the pool until the sender is dropped.
fn hold() -> (mpsc::Sender<()>, JoinHandle<&'static str>) {
    let (open, gate) = mpsc::channel::<()>();
    let (started, start) = mpsc::channel();
    let held = spawn_blocking(move || {
        started.send(()).unwrap();
        gate.recv().unwrap_err();
        "finished"
    });
    start.recv_timeout(LONG).expect("it starts");
    (open, held)
}

#[test]
fn a_running_closure_does_not_notice_its_abort_and_its_value_arrives() {
    rt::block_on(&pool_of(1), async {
        let (open, running) = hold();
        running.abort();
        yield_now().await;
        assert!(!running.is_finished());
        drop(open);
        assert_eq!(running.await.unwrap(), "finished");
    });
}

#[test]
fn a_queued_closure_that_is_aborted_is_dropped_without_running() {
    rt::block_on(&pool_of(1), async {
        let log = DropLog::new();
        let (open, held) = hold();
        let queued = spawn_blocking({
            let (log, captured) = (log.clone(), log.guard("captured dropped"));
            move || {
                let _captured = captured;
                log.note("ran");
            }
        });
        queued.abort();
        drop(open);
        assert!(queued.await.unwrap_err().is_cancelled());
        assert_eq!(log.entries(), ["captured dropped"]);
        held.await.unwrap();
    });
}

/// A thread whose closure panics goes on with the next.
#[test]
fn a_panic_is_an_error_and_costs_no_thread() {
    let runtime = pool_of(1);
    rt::block_on(&runtime, async {
        let (open, held) = hold();
        let panicking =
            spawn_blocking(|| -> u32 { std::panic::resume_unwind(Box::new("on purpose")) });
        let after = spawn_blocking(|| 7);
        drop(open);
        let error = panicking.await.unwrap_err();
        assert_eq!(error.into_panic().downcast_ref(), Some(&"on purpose"));
        assert_eq!(after.await.unwrap(), 7);
        held.await.unwrap();
    });
    assert_eq!(threads_and_queue(&runtime, 2, 1), [1, 1]);
}

#[test]
fn a_closure_that_waits_for_another_needs_a_second_thread() {
    let nested = |threads: usize, patience: Duration| {
        let runtime = pool_of(threads);
        let handle = runtime.handle().clone();
        let outer = rt::spawn_blocking_on(&runtime, move || {
            let inner = async { rt::time::timeout(patience, spawn_blocking(|| 7)).await };
            handle.block_on(inner).map_or(None, |inner| inner.ok())
        });
        rt::block_on(&runtime, outer).unwrap()
    };
    assert_eq!(nested(1, Duration::from_millis(20)), None);
    assert_eq!(nested(2, LONG), Some(7));
}

/// Many closures for many idle threads: each `spawn_blocking` that sees an idle thread gets it.
#[test]
fn closures_that_meet_are_given_a_thread_each() {
    let runtime = workers(2);
    for _ in 0..100 {
        let meeting = Arc::new(Barrier::new(8));
        let closures: Vec<_> = (0..8)
            .map(|_| {
                let meeting = meeting.clone();
                rt::spawn_blocking_on(&runtime, move || _ = meeting.wait())
            })
            .collect();
        for closure in closures {
            rt::block_on(&runtime, closure).unwrap();
        }
    }
}

/// The task that awaits is woken across threads, and the value is moved, not copied.
#[test]
fn values_come_back_from_the_pool() {
    rt::block_on(&workers(2), async {
        let mut sum = 0;
        let closures: Vec<_> =
            (0..1_000_u64).map(|n| spawn_blocking(move || Box::new(n))).collect();
        for closure in closures {
            sum += *closure.await.unwrap();
        }
        assert_eq!(sum, 499_500);
    });
}

#[test]
fn a_closure_spawns_tasks_and_waits_for_them() {
    for runtime in [one_thread(), workers(1)] {
        let closure = rt::spawn_blocking_on(&runtime, || {
            let task = rt::spawn(async { rt::spawn(async { 42 }).await.unwrap() });
            rt::runtime::Handle::current().block_on(task).unwrap()
        });
        assert_eq!(rt::block_on(&runtime, closure).unwrap(), 42);
    }
}

/// A thread that was a worker's becomes one of the pool when its tasks have moved on.
#[test]
fn block_in_place_adds_no_thread_to_the_limit() {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).max_blocking_threads(1).build().unwrap();
    let (open, gate) = mpsc::channel::<()>();
    let first = rt::spawn_blocking_on(&runtime, move || gate.recv().unwrap());
    let (runs, second) = mpsc::channel();
    rt::spawn_blocking_on(&runtime, move || runs.send(()).unwrap());
    let moved = rt::spawn_on(&runtime, async {
        let (sender, elsewhere) = mpsc::channel();
        rt::spawn(async move { sender.send(()) });
        // On Tokio it hears nothing: the limit leaves no thread for the tasks either.
        let _heard = rt::task::block_in_place(|| elsewhere.recv_timeout(50 * MILLI));
    });
    rt::block_on(&runtime, moved).unwrap();
    // Long enough for a thread that is free to take it.
    assert!(second.recv_timeout(50 * MILLI).is_err());
    open.send(()).unwrap();
    rt::block_on(&runtime, first).unwrap();
    second.recv_timeout(LONG).unwrap();
}
