//! Everything at once, many times over: nothing lost, nothing twice, on any number of workers.

use super::rt::{self, runtime::Builder, runtime::Runtime, task::JoinSet, task::yield_now};
use super::{LONG, wake_itself, workers};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// A tree of tasks, 3 to each, that give way, sleep, panic, block, abort and detach.
fn tree(depth: u32, seed: u32, drops: Drops) -> rt::task::JoinHandle<u32> {
    let guard = Counted(drops.clone());
    let boxed: std::pin::Pin<Box<dyn Future<Output = u32> + Send>> = Box::pin(async move {
        let _guard = guard;
        if depth == 0 {
            return 1;
        }
        let mut sum = 1;
        let children: Vec<_> =
            (0..3).map(|child| tree(depth - 1, seed * 3 + child, drops.clone())).collect();
        match seed % 7 {
            0 => yield_now().await,
            1 => wake_itself().await,
            2 => rt::spawn_blocking(|| ()).await.unwrap(),
            3 if depth < 3 => rt::time::sleep(Duration::from_micros(100)).await,
            4 if depth < 3 => rt::task::block_in_place(|| ()),
            _ => {}
        }
        for child in children {
            sum += child.await.unwrap();
        }
        sum
    });
    rt::spawn(boxed)
}

type Drops = Arc<AtomicUsize>;

fn grow(runtime: &Runtime, depth: u32, seed: u32, drops: &Drops) -> rt::task::JoinHandle<u32> {
    let _entered = runtime.enter();
    tree(depth, seed, drops.clone())
}

#[test]
fn a_tree_of_tasks_is_summed_on_any_number_of_workers() {
    let size = |depth: u32| (3_u32.pow(depth + 1) - 1) / 2;
    for count in [1, 2, 4, 16] {
        let (runtime, drops) = (workers(count), Arc::new(AtomicUsize::new(0)));
        for seed in 0..4 {
            drops.store(0, SeqCst);
            let root = grow(&runtime, 6, seed, &drops);
            let sum = rt::block_on(&runtime, async { rt::time::timeout(LONG, root).await });
            assert_eq!(sum.expect("a lost wake-up").unwrap(), size(6), "{count} workers");
            assert_eq!(drops.load(SeqCst) as u32, size(6));
        }
    }
}

/// The smallest intervals, the largest, and a pool of one.
#[test]
fn the_same_holds_with_unusual_settings() {
    for (event, global, lifo) in [(1, 1, true), (1, 1, false), (1_000, 127, true), (2, 3, false)] {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(3).event_interval(event).global_queue_interval(global);
        if !lifo {
            builder.disable_lifo_slot();
        }
        // One for closures; Tokio takes those of `block_in_place` from the same.
        let runtime = builder.enable_all().max_blocking_threads(8).build().unwrap();
        let drops = Arc::new(AtomicUsize::new(0));
        let root = grow(&runtime, 6, 1, &drops);
        let sum = rt::block_on(&runtime, async { rt::time::timeout(LONG, root).await });
        assert_eq!(sum.expect("a lost wake-up").unwrap(), 1_093);
        assert_eq!(drops.load(SeqCst), 1_093);
    }
}

#[test]
fn two_hundred_thousand_tasks_of_every_kind_are_dropped_once_each() {
    let runtime = workers(2);
    let (drops, total) = (Arc::new(AtomicUsize::new(0)), 200_000);
    let ended = rt::block_on(&runtime, async {
        let mut spawners = JoinSet::new();
        for spawner in 0..4 {
            let drops = drops.clone();
            spawners.spawn(async move {
                let mut kept = Vec::new();
                for number in 0..total / 4 {
                    let guard = Counted(drops.clone());
                    let task = rt::spawn(async move {
                        let _guard = guard;
                        match number % 5 {
                            0 => yield_now().await,
                            1 => wake_itself().await,
                            2 => resume_unwind(Box::new(())),
                            _ => {}
                        }
                    });
                    match (number + spawner) % 3 {
                        0 => drop(task),
                        1 => task.abort(),
                        _ => kept.push(task),
                    }
                    if number % 1_000 == 0 {
                        yield_now().await;
                    }
                }
                for task in kept {
                    // Finished, panicked: both are ends.
                    let _ended = task.await;
                }
            });
        }
        rt::time::timeout(LONG, spawners.join_all()).await
    });
    ended.expect("a lost task");
    drop(runtime);
    assert_eq!(drops.load(SeqCst), total);
}

/// From sleep to sleep: each round finds all workers idle, and wakes as many as it needs.
#[test]
fn a_runtime_that_falls_asleep_a_thousand_times_wakes_up_a_thousand_times() {
    for count in [1, 2, 4] {
        let runtime = workers(count);
        for round in 0..1_000_u64 {
            let task = rt::spawn_on(&runtime, async move {
                let inner = rt::spawn(async move { round });
                let other = rt::spawn(async move { round });
                inner.await.unwrap() + other.await.unwrap()
            });
            if round % 50 == 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
            let sum = rt::block_on(&runtime, async { rt::time::timeout(LONG, task).await });
            assert_eq!(sum.expect("a lost wake-up").unwrap(), 2 * round);
        }
    }
}

#[test]
fn a_hundred_workers_are_no_more_trouble_than_two() {
    let runtime = workers(100);
    let drops = Arc::new(AtomicUsize::new(0));
    let root = grow(&runtime, 5, 3, &drops);
    assert_eq!(rt::block_on(&runtime, root).unwrap(), 364);
    drop(runtime);
    assert_eq!(drops.load(SeqCst), 364);
}
