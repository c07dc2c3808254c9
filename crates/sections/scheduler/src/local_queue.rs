//! Deep dive 6.1 — A worker keeps 257 tasks to itself; the 258th moves 129 to the global queue.

use std::io::Result;
use std::sync::mpsc;
use tokio::runtime::Builder;

pub fn main() -> Result<()> {
    for count in [257, 258, 386, 387, 600] {
        let Queues { slot, global, local } = spawned_at_once(count)?;
        println!(
            "{count} = {} in the slot + {} local + {} global",
            slot.len(),
            local.len(),
            global.len()
        );
    }
    let Queues { slot, global, local } = spawned_at_once(258)?;
    println!("258 tasks run as {}, {}, {}", runs(&slot), runs(&global), runs(&local));
    Ok(())
}

/// The numbers of the tasks that lie in each queue, in the order in which they run.
struct Queues {
    slot: Vec<usize>,
    global: Vec<usize>,
    local: Vec<usize>,
}

/// Where the only worker puts `count` tasks that are spawned in one poll.
///
/// The order tells. The slot is run first. Then, with an interval of 1, the local queue waits
/// until the global queue is empty, and task 0 never leaves the head of the local queue.
fn spawned_at_once(count: usize) -> Result<Queues> {
    let runtime = Builder::new_multi_thread().worker_threads(1).global_queue_interval(1).build()?;
    let (log, order) = mpsc::channel();
    runtime.spawn(async move {
        for number in 0..count {
            let log = log.clone();
            tokio::spawn(async move { log.send(number).expect("the list outlives the tasks") });
        }
    });
    // Ends with the last task, which drops the last sender.
    let mut slot: Vec<_> = order.iter().collect();
    let mut global = slot.split_off(1);
    let head = global.iter().position(|&number| number == 0).unwrap_or(global.len());
    let local = global.split_off(head);
    Ok(Queues { slot, global, local })
}

/// `[4, 0, 1, 2]` as `4, 0..=2`.
fn runs(numbers: &[usize]) -> String {
    let text = |run: &[usize]| match (run[0], run[run.len() - 1]) {
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}..={last}"),
    };
    let runs: Vec<_> = numbers.chunk_by(|a, b| a + 1 == *b).map(text).collect();
    runs.join(", ")
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use tokio::runtime::Handle;

    fn numbers(count: usize) -> [String; 3] {
        let Queues { slot, global, local } = spawned_at_once(count).unwrap();
        [runs(&slot), runs(&global), runs(&local)]
    }

    /// Proves D-0-7, D-6-1.
    #[test]
    fn the_slot_and_256_places_are_filled_before_the_global_queue() {
        assert_eq!(numbers(256), ["255", "", "0..=254"]);
        assert_eq!(numbers(257), ["256", "", "0..=255"]);
    }

    /// The first half stays, the second half goes, and with it the task that found no place.
    /// Proves D-6-1.
    #[test]
    fn an_overflow_moves_the_newer_half_and_one_more() {
        assert_eq!(numbers(258), ["257", "128..=256", "0..=127"]);
        assert_eq!(numbers(386), ["385", "128..=256", "0..=127, 257..=384"]);
        assert_eq!(numbers(387), ["386", "128..=385", "0..=127"]);
        assert_eq!(numbers(600), ["599", "128..=514", "0..=127, 515..=598"]);
    }

    /// Asks Tokio's own instruments: (local, global, overflows).
    fn depths(count: usize) -> (usize, usize, u64) {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let metrics = runtime.metrics();
        let root = runtime.spawn(async move {
            (0..count).for_each(|_| drop(tokio::spawn(async {})));
            let metrics = Handle::current().metrics();
            (metrics.worker_local_queue_depth(0), metrics.global_queue_depth())
        });
        let (local, global) = runtime.block_on(root).unwrap();
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

    /// The sketch of the document gives each worker its own `remote`. There is one for all.
    /// Proves D-6-2.
    #[test]
    fn two_workers_share_one_global_queue() {
        let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let blocked = std::sync::Arc::new(std::sync::Barrier::new(3));
        for _ in 0..2 {
            let blocked = blocked.clone();
            runtime.spawn(async move {
                blocked.wait();
                blocked.wait();
            });
        }
        blocked.wait();
        (0..3).for_each(|_| drop(runtime.spawn(async {})));
        let metrics = runtime.metrics();
        let global = metrics.global_queue_depth();
        let local = [0, 1].map(|worker| metrics.worker_local_queue_depth(worker));
        // First of all: a failing assertion would wait for the workers, and they for this.
        blocked.wait();
        assert_eq!((global, local), (3, [0, 0]));
    }
}
