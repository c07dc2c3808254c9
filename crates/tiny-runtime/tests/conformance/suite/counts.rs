//! How many tasks a worker keeps to itself, and which it gives away.

use super::rt::{self, runtime::Builder, runtime::Handle};
use super::workers;
use std::sync::{Arc, Barrier, mpsc};

/// The numbers of the tasks that lie in each queue, in the order in which they run.
///
/// The slot is run first. Then, with an interval of 1, the local queue waits until the global
/// queue is empty, and task 0 never leaves the head of the local queue.
fn queues(count: usize) -> [String; 3] {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).global_queue_interval(1).build().unwrap();
    let (log, order) = mpsc::channel();
    rt::spawn_on(&runtime, async move {
        for number in 0..count {
            let log = log.clone();
            rt::spawn(async move { log.send(number).unwrap() });
        }
    });
    let mut slot: Vec<_> = order.iter().collect();
    let mut global = slot.split_off(1);
    let head = global.iter().position(|&number| number == 0).unwrap_or(global.len());
    let local = global.split_off(head);
    [slot, global, local].map(|numbers| runs(&numbers))
}

/// `[4, 0, 1, 2]` as `4, 0..=2`.
pub fn runs(numbers: &[usize]) -> String {
    let text = |run: &[usize]| match (run[0], run[run.len() - 1]) {
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}..={last}"),
    };
    let runs: Vec<_> = numbers.chunk_by(|a, b| a + 1 == *b).map(text).collect();
    runs.join(", ")
}

#[test]
fn the_slot_and_256_places_are_filled_before_the_global_queue() {
    assert_eq!(queues(256), ["255", "", "0..=254"]);
    assert_eq!(queues(257), ["256", "", "0..=255"]);
}

/// The first half stays, the second half goes, and with it the task that found no place.
#[test]
fn an_overflow_moves_the_newer_half_and_one_more() {
    assert_eq!(queues(258), ["257", "128..=256", "0..=127"]);
    assert_eq!(queues(386), ["385", "128..=256", "0..=127, 257..=384"]);
    assert_eq!(queues(387), ["386", "128..=385", "0..=127"]);
    assert_eq!(queues(600), ["599", "128..=514", "0..=127, 515..=598"]);
}

/// (local, global, overflows), as the metrics say.
fn depths(count: usize) -> (usize, usize, u64) {
    let runtime = workers(1);
    let metrics = runtime.metrics();
    let root = rt::spawn_on(&runtime, async move {
        (0..count).for_each(|_| drop(rt::spawn(async {})));
        let metrics = Handle::current().metrics();
        (metrics.worker_local_queue_depth(0), metrics.global_queue_depth())
    });
    let (local, global) = rt::block_on(&runtime, root).unwrap();
    // A worker publishes its counters before it sleeps or ends.
    drop(runtime);
    (local, global, metrics.worker_overflow_count(0))
}

#[test]
fn the_metrics_count_the_same() {
    assert_eq!(depths(256), (255, 0, 0));
    assert_eq!(depths(257), (256, 0, 0));
    assert_eq!(depths(258), (128, 129, 1));
    assert_eq!(depths(386), (256, 129, 1));
    assert_eq!(depths(387), (128, 258, 2));
    assert_eq!(depths(600), (212, 387, 3));
}

#[test]
fn two_workers_share_one_global_queue() {
    let runtime = workers(2);
    let blocked = Arc::new(Barrier::new(3));
    for _ in 0..2 {
        let blocked = blocked.clone();
        rt::spawn_on(&runtime, async move {
            blocked.wait();
            blocked.wait();
        });
    }
    blocked.wait();
    (0..3).for_each(|_| drop(rt::spawn_on(&runtime, async {})));
    let metrics = runtime.metrics();
    let global = metrics.global_queue_depth();
    let local = [0, 1].map(|worker| metrics.worker_local_queue_depth(worker));
    // First of all: a failing assertion would wait for the workers, and they for this.
    blocked.wait();
    assert_eq!((global, local), (3, [0, 0]));
}

/// Overflow, batches and thefts all at once: nothing is lost, nothing runs twice.
#[test]
fn a_hundred_thousand_tasks_run_once_each() {
    for count in [1, 2, 4] {
        let runtime = workers(count);
        let (log, order) = mpsc::channel();
        rt::spawn_on(&runtime, async move {
            for number in 0..100_000_u32 {
                let log = log.clone();
                rt::spawn(async move { log.send(number).unwrap() });
            }
        });
        let mut ran: Vec<_> = order.iter().collect();
        ran.sort_unstable();
        assert!(ran.into_iter().eq(0..100_000), "{count} workers");
    }
}
