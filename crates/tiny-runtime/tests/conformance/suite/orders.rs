//! The next task to run: from the slot, the local queue, the global queue, another worker, the driver.

use super::rt::{self, task::yield_now};
use super::{Log, note, order, order_on, spawn_each, wake_itself, workers};
use rt::runtime::Builder;
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use tokio::sync::oneshot;

async fn spawn_three(log: Log) {
    spawn_each(&["A", "B", "C"], &log);
}

/// Tasks A, B and C, each waiting for its sender.
fn waiting(log: &Log) -> [oneshot::Sender<()>; 3] {
    ["A", "B", "C"].map(|name| {
        let (sender, receiver) = oneshot::channel();
        let log = log.clone();
        rt::spawn(async move {
            receiver.await.unwrap();
            note(&log, name);
        });
        sender
    })
}

fn release(senders: [oneshot::Sender<()>; 3]) {
    for sender in senders {
        sender.send(()).unwrap();
    }
}

#[test]
fn the_task_spawned_or_woken_last_runs_next() {
    assert_eq!(order(spawn_three), "C A B");
    let woken = order(async |log| {
        let senders = waiting(&log);
        yield_now().await;
        release(senders);
    });
    assert_eq!(woken, "C A B");
}

#[test]
fn who_gives_way_goes_behind_all_others() {
    let yields = order(async |log| {
        spawn_each(&["A", "B"], &log);
        yield_now().await;
        note(&log, "self");
    });
    assert_eq!(yields, "B A self");
    let wakes_itself = order(async |log| {
        spawn_each(&["A", "B"], &log);
        wake_itself().await;
        note(&log, "self");
    });
    assert_eq!(wakes_itself, "B A self");
}

/// They are woken after the driver poll, the last one first.
#[test]
fn tasks_that_yield_come_back_in_the_reverse_order() {
    let three = async |log: Log| {
        for name in ["A", "B", "C"] {
            let log = log.clone();
            rt::spawn(async move {
                yield_now().await;
                note(&log, name);
            });
        }
    };
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).disable_lifo_slot().build().unwrap();
    assert_eq!(order_on(&runtime, three), "C B A");
    // With the slot they ran as C A B, and each of them goes through it again.
    assert_eq!(order(three), "C B A");
}

#[test]
fn without_the_slot_the_order_is_that_of_the_spawns() {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).disable_lifo_slot().build().unwrap();
    assert_eq!(order_on(&runtime, spawn_three), "A B C");
}

/// The worker is blocked until all three lie in the global queue.
#[test]
fn spawns_from_outside_run_first_in_first_out() {
    let runtime = workers(1);
    let (log, names) = mpsc::channel();
    let blocked = Arc::new(Barrier::new(2));
    let worker = blocked.clone();
    rt::spawn_on(&runtime, async move { worker.wait() });
    for name in ["A", "B", "C"] {
        let log = log.clone();
        rt::spawn_on(&runtime, async move { note(&log, name) });
    }
    drop(log);
    blocked.wait();
    assert_eq!(names.iter().collect::<Vec<_>>(), ["A", "B", "C"]);
}

#[test]
fn wakes_from_another_thread_run_first_in_first_out() {
    let woken = order(async |log| {
        let senders = waiting(&log);
        yield_now().await;
        thread::scope(|scope| {
            scope.spawn(|| release(senders));
        });
    });
    assert_eq!(woken, "A B C");
}

/// It holds for a worker as well: only a worker of the same runtime has its slot.
#[test]
fn a_worker_of_another_runtime_is_outside() {
    let (here, there) = (workers(1), workers(1));
    let (log, names) = mpsc::channel();
    let blocked = Arc::new(Barrier::new(2));
    let worker = blocked.clone();
    there.spawn(async move { worker.wait() });
    let handle = there.handle().clone();
    let spawned_log = log.clone();
    let woken = there.block_on(async { waiting(&log) });
    drop(log);
    let spawner = here.spawn(async move {
        for name in ["1", "2", "3"] {
            let log = spawned_log.clone();
            handle.spawn(async move { note(&log, name) });
        }
        blocked.wait();
        woken
    });
    let woken = here.block_on(spawner).unwrap();
    assert_eq!(names.iter().take(3).collect::<Vec<_>>(), ["1", "2", "3"]);

    // The three receivers wait by now: they were queued before the three that have run.
    let blocked = Arc::new(Barrier::new(2));
    let worker = blocked.clone();
    there.spawn(async move { worker.wait() });
    let waker = here.spawn(async move {
        release(woken);
        blocked.wait();
    });
    here.block_on(waker).unwrap();
    assert_eq!(names.iter().collect::<Vec<_>>(), ["A", "B", "C"]);
}

/// A closure of the blocking pool has the runtime, but no worker.
#[test]
fn a_thread_of_the_blocking_pool_is_outside() {
    let spawned = order(async |log| {
        let (done, is_done) = mpsc::channel();
        rt::spawn_blocking(move || {
            spawn_each(&["A", "B", "C"], &log);
            done.send(()).unwrap();
        });
        is_done.recv().unwrap();
    });
    assert_eq!(spawned, "A B C");
}
