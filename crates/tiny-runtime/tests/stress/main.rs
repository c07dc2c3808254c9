//! Everything at once, a million times: each task runs as often as it should, is dropped once, and
//! leaves no memory behind. `STRESS=10 cargo test --test stress` does ten times as much.

#![cfg(not(loom))]
#![expect(unsafe_code, reason = "an allocator that counts")]

mod life;

use life::{End, Fate, Fates, Output, Outside, end_of, live};
use std::alloc::{GlobalAlloc, Layout, System};

use std::future::{pending, poll_fn};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Poll, Waker};
use std::thread;
use tiny_runtime::runtime::{Builder, Handle, Runtime};
use tiny_runtime::task::{self, JoinHandle, yield_now};

/// Tasks of a whole run of this file.
fn million() -> usize {
    if cfg!(miri) {
        return 100;
    }
    let times = std::env::var("STRESS").map_or(1, |times| times.parse().expect("a number"));
    times * 1_000_000
}

/// Bytes that are allocated and not freed, by any thread.
struct Balance(AtomicI64);

#[global_allocator]
static BALANCE: Balance = Balance(AtomicI64::new(0));

// SAFETY: it hands everything on to the system's allocator, unchanged.
unsafe impl GlobalAlloc for Balance {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.0.fetch_add(layout.size() as i64, Relaxed);
        // SAFETY: the caller's promises are those that `System` demands.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.0.fetch_sub(layout.size() as i64, Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// The tests here measure the memory of the process: one at a time.
fn alone() -> impl Sized {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn workers(count: usize) -> Runtime {
    // Few enough threads for a machine that also does something else.
    Builder::new_multi_thread().worker_threads(count).max_blocking_threads(4).build().unwrap()
}

/// Spawns from workers and from threads that are none; keeps, detaches and aborts.
fn spawn_all(runtime: &Runtime, fates: &Arc<Fates>, outside: &Arc<Outside>) {
    let spawners = 4;
    let spawn = |handle: Handle, spawner: usize| {
        let (fates, outside) = (fates.clone(), outside.clone());
        move || {
            let mut kept = Vec::new();
            for number in (spawner..fates.0.len()).step_by(spawners) {
                let task = handle.spawn(live(fates.live(number), outside.clone()));
                match number % 7 {
                    _ if end_of(number) == End::NeverEnds => task.abort(),
                    0 => task.abort(),
                    1 | 2 => drop(task),
                    _ => kept.push((number, task)),
                }
            }
            kept
        }
    };
    let on_workers: Vec<_> = (0..2)
        .map(|spawner| {
            let spawn = spawn(runtime.handle().clone(), spawner);
            runtime.spawn(async move { await_all(spawn()).await })
        })
        .collect();
    let elsewhere: Vec<_> = (2..spawners)
        .map(|spawner| thread::spawn(spawn(runtime.handle().clone(), spawner)))
        .collect();
    for thread in elsewhere {
        runtime.block_on(await_all(thread.join().unwrap()));
    }
    for task in on_workers {
        runtime.block_on(task).unwrap();
    }
}

async fn await_all(tasks: Vec<(usize, JoinHandle<Output>)>) {
    for (number, task) in tasks {
        let ended = task.await;
        assert_eq!(ended.is_err_and(|error| error.is_panic()), end_of(number) == End::Panics);
    }
}

#[test]
fn each_task_starts_once_ends_once_and_is_dropped_once() {
    let _alone = alone();
    for (count, share) in [(1, 5), (2, 2), (4, 5), (16, 10)] {
        let (runtime, outside) = (workers(count), Arc::new(Outside::new()));
        let fates = Fates::new(million() / share);
        spawn_all(&runtime, &fates, &outside);
        // Waits for the detached and the aborted.
        drop(runtime);
        Arc::into_inner(outside).expect("all tasks are gone").join();
        for (number, fate) in fates.0.iter().enumerate() {
            let Fate { started, finished, dropped, output_dropped } = fate;
            let [started, finished, dropped, output_dropped] =
                [started, finished, dropped, output_dropped].map(|count| count.load(Relaxed));
            assert_eq!((dropped, output_dropped), (1, finished), "task {number}");
            assert!(started <= 1 && finished <= started, "task {number}");
            // Neither aborted nor, detached, dropped at the end.
            if number % 7 > 2 && end_of(number) == End::Finishes {
                assert_eq!(finished, 1, "task {number}");
            }
        }
    }
}

/// Blocks of tasks that have ended are kept for the next ones: 256 KiB, and 128 KiB a thread.
const KEPT: i64 = 1_200_000;

#[test]
fn no_memory_is_left_behind() {
    let _alone = alone();
    let round = || {
        let (runtime, outside) = (workers(2), Arc::new(Outside::new()));
        spawn_all(&runtime, &Fates::new(million() / 50), &outside);
        drop(runtime);
        Arc::into_inner(outside).expect("all tasks are gone").join();
    };
    // The allocations that std and this test make once.
    round();
    let before = BALANCE.0.load(SeqCst);
    // If only one in fifteen were lost, it would be seen.
    for _ in 0..10 {
        round();
    }
    let left = BALANCE.0.load(SeqCst) - before;
    assert!(left < KEPT, "{left} bytes");
}

/// The runtime ends while tasks are spawned, woken and aborted from outside.
#[test]
fn a_runtime_that_ends_in_the_middle_drops_each_task_once() {
    let _alone = alone();
    let rounds = if cfg!(miri) { 2 } else { million() / 5_000 };
    for round in 0..rounds {
        let (runtime, outside) = (workers(1 + round % 3), Arc::new(Outside::new()));
        let fates = Fates::new(if cfg!(miri) { 20 } else { 1_000 });
        let go = Arc::new(AtomicBool::new(false));
        let spawners: Vec<_> = (0..2)
            .map(|spawner| {
                let (fates, outside, go) = (fates.clone(), outside.clone(), go.clone());
                let handle = runtime.handle().clone();
                thread::spawn(move || {
                    let mut kept = Vec::new();
                    for number in (spawner..fates.0.len()).step_by(2) {
                        kept.push(handle.spawn(live(fates.live(number), outside.clone())));
                        go.store(number > round % 500, Relaxed);
                    }
                    kept
                })
            })
            .collect();
        while !go.load(Relaxed) && !spawners.iter().all(thread::JoinHandle::is_finished) {
            thread::yield_now();
        }
        drop(runtime);
        for spawner in spawners {
            for handle in spawner.join().unwrap() {
                assert!(handle.is_finished(), "the runtime has ended, and this task has not");
                handle.abort();
            }
        }
        Arc::into_inner(outside).expect("all tasks are gone").join();
        assert!(fates.0.iter().all(|fate| fate.dropped.load(Relaxed) == 1), "round {round}");
    }
}
