//! The global queue: first in, first out; every n-th tick, or in a batch by an idle worker.

use super::rt::{self, runtime::Builder, runtime::Handle};
use super::{LONG, note, wake_itself, workers};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

/// How many of 200 tasks an idle worker takes at once while all others are blocked.
fn first_batch(count: usize) -> usize {
    let runtime = workers(count);
    let placed = Arc::new(Barrier::new(count + 1));
    let idle = Arc::new(Barrier::new(2));
    let counted = Arc::new(Barrier::new(count));
    for worker in 0..count {
        let placed = placed.clone();
        let release = if worker == 0 { idle.clone() } else { counted.clone() };
        rt::spawn_on(&runtime, async move {
            placed.wait();
            release.wait();
        });
    }
    placed.wait();
    let (log, depths) = mpsc::channel();
    for _ in 0..200 {
        let log = log.clone();
        rt::spawn_on(&runtime, async move {
            log.send(Handle::current().metrics().global_queue_depth()).unwrap();
        });
    }
    drop(log);
    idle.wait();
    let left = depths.recv().unwrap();
    counted.wait();
    depths.iter().for_each(drop);
    200 - left
}

/// `min(200 / workers + 1, 128)`: half a local queue at most.
#[test]
fn an_idle_worker_takes_its_share_and_one_but_no_more_than_128() {
    assert_eq!([1, 2, 4].map(first_batch), [128, 101, 51]);
}

/// How many ticks apart tasks of the global queue run while there is local work.
fn gaps(interval: u32) -> Vec<usize> {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).global_queue_interval(interval).build().unwrap();
    let (log, order) = mpsc::channel();
    rt::spawn_on(&runtime, async move {
        let run = |name| {
            let log = log.clone();
            async move { note(&log, name) }
        };
        let handle = Handle::current();
        thread::scope(|scope| {
            scope.spawn(|| (0..4).for_each(|_| drop(handle.spawn(run("global")))));
        });
        (0..256).for_each(|_| drop(rt::spawn(run("local"))));
    });
    let order: Vec<_> = order.iter().collect();
    let globals: Vec<_> = (0..order.len()).filter(|&at| order[at] == "global").collect();
    globals.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[test]
fn local_work_is_interrupted_every_n_th_tick() {
    for interval in [1, 2, 5, 31, 61] {
        assert_eq!(gaps(interval), [interval as usize; 3]);
    }
}

#[test]
fn an_interval_of_zero_is_refused() {
    let refused = std::panic::catch_unwind(|| {
        Builder::new_multi_thread().global_queue_interval(0);
    });
    assert!(refused.is_err());
}

/// They keep their order over the batches in which they leave the queue. The interval is large,
/// since each check of it lets one task overtake those of the last batch.
#[test]
fn a_thousand_spawns_from_outside_run_in_their_order() {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).global_queue_interval(100_000).build().unwrap();
    let (log, order) = mpsc::channel();
    let blocked = Arc::new(Barrier::new(2));
    let worker = blocked.clone();
    rt::spawn_on(&runtime, async move {
        worker.wait();
        worker.wait();
    });
    blocked.wait();
    for number in 0..1_000 {
        let log = log.clone();
        rt::spawn_on(&runtime, async move { log.send(number).unwrap() });
    }
    drop(log);
    let depth = runtime.metrics().global_queue_depth();
    // First of all: a failing assertion would wait for the worker, and it for this.
    blocked.wait();
    assert_eq!(depth, 1_000);
    assert_eq!(order.iter().collect::<Vec<_>>(), Vec::from_iter(0..1_000));
}

/// Every worker always has a task that is ready. A task from outside still runs.
fn spawns_beside(busy: usize) {
    let runtime = workers(2);
    let stop = Arc::new(AtomicBool::new(false));
    let busy: Vec<_> = (0..busy)
        .map(|number| {
            let stop = stop.clone();
            rt::spawn_on(&runtime, async move {
                while !stop.load(Ordering::Relaxed) {
                    match number % 3 {
                        0 => rt::task::yield_now().await,
                        _ => wake_itself().await,
                    }
                }
            })
        })
        .collect();
    let (log, order) = mpsc::channel();
    // One at a time, and then many.
    let alone = (0..100).all(|number| {
        let log = log.clone();
        rt::spawn_on(&runtime, async move { log.send(number).unwrap() });
        order.recv_timeout(LONG) == Ok(number)
    });
    for number in 0..400 {
        let log = log.clone();
        rt::spawn_on(&runtime, async move { log.send(number).unwrap() });
    }
    let mut many: Vec<_> = (0..400).map_while(|_| order.recv_timeout(LONG).ok()).collect();
    stop.store(true, Ordering::Relaxed);
    for task in busy {
        rt::block_on(&runtime, task).unwrap();
    }
    assert!(alone, "a single spawn is starved");
    many.sort_unstable();
    assert!(many.into_iter().eq(0..400), "many spawns are starved");
}

#[test]
fn spawns_from_outside_run_beside_busy_workers() {
    spawns_beside(2);
    spawns_beside(3);
    spawns_beside(64);
}

/// A worker that is busy with self-waking tasks serves timers and wakes from outside as well.
#[test]
fn timers_and_wakes_from_outside_have_their_turn_beside_busy_workers() {
    let runtime = workers(1);
    let stop = Arc::new(AtomicBool::new(false));
    let busy: Vec<_> = (0..8)
        .map(|_| {
            let stop = stop.clone();
            rt::spawn_on(&runtime, async move {
                while !stop.load(Ordering::Relaxed) {
                    wake_itself().await;
                }
            })
        })
        .collect();
    let (done, is_done) = mpsc::channel();
    let mut served = true;
    for _ in 0..20 {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let done = done.clone();
        rt::spawn_on(&runtime, async move {
            rt::time::sleep(Duration::from_millis(1)).await;
            receiver.await.unwrap();
            done.send(()).unwrap();
        });
        thread::sleep(Duration::from_millis(1));
        sender.send(()).unwrap();
        served &= is_done.recv_timeout(LONG).is_ok();
    }
    stop.store(true, Ordering::Relaxed);
    for task in busy {
        rt::block_on(&runtime, task).unwrap();
    }
    assert!(served, "starved");
}
