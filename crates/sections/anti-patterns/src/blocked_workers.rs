//! Guide 9.1 — A blocking call stops one worker; the runtime stops when no worker is left.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// Long enough to be sure of a task that cannot start.
const STUCK: Duration = Duration::from_millis(50);
/// Far longer than a task that can start ever needs.
const FREE: Duration = Duration::from_secs(5);

// This function itself runs on the main thread, which is neither of the two workers.
#[tokio::main(worker_threads = 2)]
pub async fn main() {
    let one = block_workers(1);
    println!("1/2 ブロック: {}", outcome(&spawn_neighbour(), FREE));
    drop(one);

    let both = block_workers(2);
    println!("2/2 ブロック: {}", outcome(&spawn_neighbour(), STUCK));
    drop(both);
}

/// Returns once `count` workers are blocked. Dropping what it returns releases them.
fn block_workers(count: usize) -> Vec<Sender<()>> {
    let (entered, entries) = channel();
    let mut releases = Vec::new();
    for _ in 0..count {
        let (release, released) = channel::<()>();
        let entered = entered.clone();
        tokio::spawn(async move {
            entered.send(()).expect("the last line of this function waits for it");
            // The anti-pattern: a blocking receive. Its error is the release.
            released.recv().expect_err("nothing is ever sent");
        });
        releases.push(release);
    }
    entries.iter().take(count).for_each(drop);
    releases
}

/// A task that reports its start.
fn spawn_neighbour() -> Receiver<()> {
    let (started, start) = channel();
    // Nobody listens any more if it starts too late.
    tokio::spawn(async move { started.send(()).ok() });
    start
}

/// Blocks until the task has started, for `limit` at most.
fn outcome(start: &Receiver<()>, limit: Duration) -> &'static str {
    match start.recv_timeout(limit) {
        Ok(()) => "他のタスクは実行を続ける",
        Err(_) => "他のタスクは停止する",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;
    use utils::probe::DropLog;

    const RUNS: &str = "他のタスクは実行を続ける";
    const STOPS: &str = "他のタスクは停止する";

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn with_one_of_two_workers_blocked_the_others_go_on() {
        let _blocked = block_workers(1);
        for _ in 0..10 {
            assert_eq!(outcome(&spawn_neighbour(), FREE), RUNS);
        }
    }

    /// Proves G-9.1-1.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn with_both_workers_blocked_nothing_starts_until_one_is_free() {
        let mut blocked = block_workers(2);
        let start = spawn_neighbour();
        assert_eq!(outcome(&start, STUCK), STOPS);
        drop(blocked.pop());
        assert_eq!(outcome(&start, FREE), RUNS);
    }

    /// Proves G-9.1-1.
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn with_three_of_four_workers_blocked_the_others_go_on() {
        let _blocked = block_workers(3);
        assert_eq!(outcome(&spawn_neighbour(), FREE), RUNS);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn with_all_four_workers_blocked_nothing_starts() {
        let _blocked = block_workers(4);
        assert_eq!(outcome(&spawn_neighbour(), STUCK), STOPS);
    }

    /// The sibling is ready before the blocking branch ends: idle workers do not help it.
    /// Proves G-9.1-2.
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_blocking_branch_stops_its_siblings_in_the_same_task() {
        let log = DropLog::new();
        let (news, arrival) = oneshot::channel();
        let sibling = async {
            arrival.await.unwrap();
            log.note("sibling");
        };
        let blocking = async {
            let (sent, done) = channel();
            tokio::spawn(async move {
                news.send(()).unwrap();
                sent.send(()).unwrap();
            });
            done.recv().unwrap();
            log.note("blocking branch");
        };
        tokio::join!(sibling, blocking);
        assert_eq!(log.entries(), ["blocking branch", "sibling"]);
    }
}
