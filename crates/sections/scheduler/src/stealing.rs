//! Deep dive 6.4 — A thief takes the older half of a queue and runs the last task of it first.

use std::io::Result;
use std::sync::{Arc, Barrier, mpsc};
use tokio::runtime::{Builder, Runtime};

pub fn main() -> Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(2).build()?;
    let (by_thief, by_owner) = rob(&runtime, 64)?;
    for theft in thefts(&by_thief) {
        println!("the thief takes {} and runs task {} first", theft.len(), theft[0]);
    }
    println!("left in the slot of the owner: {by_owner:?}");
    Ok(())
}

/// One of two workers queues tasks `0..queued`, has one more in its slot, and blocks. Returns the
/// numbers of those that the thief runs, in their order, and of those that are left.
fn rob(runtime: &Runtime, queued: usize) -> Result<(Vec<usize>, Vec<usize>)> {
    let meeting = Arc::new(Barrier::new(2));
    runtime.spawn({
        let meeting = meeting.clone();
        async move {
            // Each root has a worker: on one of them, this would hang.
            meeting.wait();
            // All is queued. Back in the scheduler, this worker has nothing of its own.
            meeting.wait();
        }
    });
    let owner = runtime.spawn(async move {
        meeting.wait();
        let (log, order) = mpsc::channel();
        for number in 0..=queued {
            let log = log.clone();
            tokio::spawn(async move { log.send(number).expect("the list outlives the tasks") });
        }
        meeting.wait();
        // Blocks this worker, on purpose: whatever arrives has run on the other.
        let by_thief = order.iter().take(queued).collect();
        (by_thief, order)
    });
    let (by_thief, order) = runtime.block_on(owner)?;
    Ok((by_thief, order.iter().collect()))
}

/// Each theft starts with the newest task that has run so far.
fn thefts(order: &[usize]) -> Vec<&[usize]> {
    let is_newest = |&at: &usize| order[..at].iter().all(|&earlier| earlier < order[at]);
    let mut starts: Vec<_> = (0..order.len()).filter(is_newest).collect();
    starts.push(order.len());
    starts.windows(2).map(|theft| &order[theft[0]..theft[1]]).collect()
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use std::sync::mpsc::Receiver;

    fn loots(order: &[usize]) -> Vec<usize> {
        thefts(order).iter().map(|theft| theft.len()).collect()
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

    fn two_workers() -> Runtime {
        Builder::new_multi_thread().worker_threads(2).build().unwrap()
    }

    /// Proves G-8.1-4, D-0-7, D-6-11, D-6-12, D-13-4, D-18-5.
    #[test]
    fn half_is_stolen_oldest_first_and_the_last_one_runs_first() {
        let (by_thief, by_owner) = rob(&two_workers(), 64).unwrap();
        assert_eq!(
            runs(&by_thief),
            "31, 0..=30, 47, 32..=46, 55, 48..=54, 59, 56..=58, 61, 60, 62..=63"
        );
        assert_eq!(loots(&by_thief), [32, 16, 8, 4, 2, 1, 1]);
        assert_eq!(by_owner, [64]);
    }

    /// Proves D-6-11.
    #[test]
    fn half_of_an_odd_number_is_rounded_up() {
        let loots = |queued| loots(&rob(&two_workers(), queued).unwrap().0);
        assert_eq!(loots(1), [1]);
        assert_eq!(loots(3), [2, 1]);
        assert_eq!(loots(99), [50, 25, 12, 6, 3, 2, 1]);
        assert_eq!(loots(256), [128, 64, 32, 16, 8, 4, 2, 1, 1]);
    }

    #[test]
    fn tokio_counts_as_many_thefts() {
        let runtime = two_workers();
        let metrics = runtime.metrics();
        rob(&runtime, 64).unwrap();
        // A worker publishes its counters before it sleeps or ends.
        drop(runtime);
        let both = |count: &dyn Fn(usize) -> u64| count(0) + count(1);
        let thefts = both(&|worker| metrics.worker_steal_operations(worker));
        let stolen = both(&|worker| metrics.worker_steal_count(worker));
        // One more, if one worker had taken both roots from the global queue.
        assert!([(7, 64), (8, 65)].contains(&(thefts, stolen)), "{thefts}, {stolen}");
    }

    /// A runtime of two workers that reports each time one goes to sleep.
    fn reporting() -> (Runtime, Receiver<()>) {
        let (parks, parked) = mpsc::channel();
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .on_thread_park(move || {
                // Nobody listens once the test is through.
                let _ = parks.send(());
            })
            .build()
            .unwrap();
        (runtime, parked)
    }

    /// Each witness makes the idle worker look for work once more, and then go to sleep again.
    /// Proves D-0-8, D-6-6.
    #[test]
    fn the_slot_is_not_stolen_but_a_second_spawn_pushes_its_task_out() {
        let (runtime, parked) = reporting();
        let handle = runtime.handle().clone();
        let owner = runtime.spawn(async move {
            let (log, order) = mpsc::channel();
            let from_slot = log.clone();
            tokio::spawn(async move { from_slot.send("slot").unwrap() });
            for _ in 0..10 {
                let witness = log.clone();
                parked.try_iter().for_each(drop);
                // Another thread: a spawn from here would go into the slot.
                std::thread::scope(|scope| {
                    let run = async move { witness.send("witness").unwrap() };
                    scope.spawn(|| drop(handle.spawn(run)));
                });
                assert_eq!(order.recv(), Ok("witness"));
                parked.recv().unwrap();
            }
            assert!(order.try_recv().is_err(), "it is still in the slot");
            tokio::spawn(async move { log.send("second").unwrap() });
            // This worker is blocked here, so the other one has taken it.
            assert_eq!(order.recv(), Ok("slot"));
            assert!(order.try_recv().is_err(), "the second took its place");
            order
        });
        let order = runtime.block_on(owner).unwrap();
        assert_eq!(order.iter().collect::<Vec<_>>(), ["second"]);
    }
}
