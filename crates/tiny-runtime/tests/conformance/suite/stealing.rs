//! A thief takes the older half of a queue and runs the last task of it first.

use super::rt::{self, runtime::Runtime};
use super::{counts::runs, workers};
use std::sync::{Arc, Barrier, mpsc};

/// The numbers of the tasks, in the order in which they ran.
struct Robbery {
    by_thief: Vec<usize>,
    by_owner: Vec<usize>,
}

/// One of two workers queues tasks `0..queued`, has one more in its slot, and blocks.
fn rob(runtime: &Runtime, queued: usize) -> Robbery {
    let meeting = Arc::new(Barrier::new(2));
    rt::spawn_on(runtime, {
        let meeting = meeting.clone();
        async move {
            // Each root has a worker: on one of them, this would hang.
            meeting.wait();
            // All is queued. Back in the scheduler, this worker has nothing of its own.
            meeting.wait();
        }
    });
    let owner = rt::spawn_on(runtime, async move {
        meeting.wait();
        let (log, order) = mpsc::channel();
        for number in 0..=queued {
            let log = log.clone();
            rt::spawn(async move { log.send(number).unwrap() });
        }
        drop(log);
        meeting.wait();
        // Blocks this worker, on purpose: every task that arrives has run on the other worker.
        let by_thief = order.iter().take(queued).collect();
        (by_thief, order)
    });
    let (by_thief, order) = rt::block_on(runtime, owner).unwrap();
    Robbery { by_thief, by_owner: order.iter().collect() }
}

/// How many tasks each theft took: it starts with the newest task that has run so far.
fn loots(order: &[usize]) -> Vec<usize> {
    let newest_so_far = |&at: &usize| order[..at].iter().all(|&earlier| earlier < order[at]);
    let mut starts: Vec<_> = (0..order.len()).filter(newest_so_far).collect();
    starts.push(order.len());
    starts.windows(2).map(|theft| theft[1] - theft[0]).collect()
}

#[test]
fn half_is_stolen_oldest_first_and_the_last_one_runs_first() {
    let Robbery { by_thief, by_owner } = rob(&workers(2), 64);
    let expected = "31, 0..=30, 47, 32..=46, 55, 48..=54, 59, 56..=58, 61, 60, 62..=63";
    assert_eq!(runs(&by_thief), expected);
    assert_eq!(loots(&by_thief), [32, 16, 8, 4, 2, 1, 1]);
    assert_eq!(by_owner, [64], "nothing is stolen from the slot");
}

#[test]
fn half_of_an_odd_number_is_rounded_up() {
    let loots = |queued| loots(&rob(&workers(2), queued).by_thief);
    assert_eq!(loots(1), [1]);
    assert_eq!(loots(3), [2, 1]);
    assert_eq!(loots(99), [50, 25, 12, 6, 3, 2, 1]);
    assert_eq!(loots(256), [128, 64, 32, 16, 8, 4, 2, 1, 1]);
}

#[test]
fn the_metrics_count_as_many_thefts() {
    let runtime = workers(2);
    let metrics = runtime.metrics();
    rob(&runtime, 64);
    // A worker publishes its counters before it sleeps or ends.
    drop(runtime);
    let both = |count: &dyn Fn(usize) -> u64| count(0) + count(1);
    let thefts = both(&|worker| metrics.worker_steal_operations(worker));
    let stolen = both(&|worker| metrics.worker_steal_count(worker));
    // One more, if one worker had taken both roots from the global queue.
    assert!([(7, 64), (8, 65)].contains(&(thefts, stolen)), "{thefts}, {stolen}");
}

/// Many times, from a runtime that is idle each time: no wake-up of the thief is lost.
#[test]
fn an_idle_worker_is_woken_for_every_theft() {
    let runtime = workers(2);
    for _ in 0..500 {
        let owner = rt::spawn_on(&runtime, async {
            let (log, order) = mpsc::channel();
            for name in ["stolen", "slot"] {
                let log = log.clone();
                rt::spawn(async move { log.send(name).unwrap() });
            }
            // Blocks this worker: only another can run the first.
            let stolen = order.recv_timeout(super::LONG);
            (stolen, order)
        });
        let (stolen, order) = rt::block_on(&runtime, owner).unwrap();
        assert_eq!(stolen, Ok("stolen"));
        assert_eq!(order.recv_timeout(super::LONG), Ok("slot"));
    }
}

/// It is in the queue when the task in the slot blocks: the other worker is woken, and takes it.
#[test]
fn a_task_that_has_woken_itself_is_stolen_from_a_worker_that_blocks() {
    let runtime = workers(2);
    for _ in 0..50 {
        let (again, is_again) = mpsc::channel();
        let task = rt::spawn_on(&runtime, async move {
            let blocks = rt::spawn(async move { is_again.recv_timeout(super::LONG) });
            super::wake_itself().await;
            again.send(()).unwrap();
            blocks.await.unwrap()
        });
        assert_eq!(rt::block_on(&runtime, task).unwrap(), Ok(()));
        // Both workers go to sleep, most of the time.
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}
