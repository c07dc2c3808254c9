//! Guide 9.1 — A task spawned by a blocking task waits for it, although another worker is idle.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tokio::task::{JoinError, block_in_place};

#[tokio::main(worker_threads = 2)]
pub async fn main() -> Result<(), JoinError> {
    println!("recv_timeout: {}", tokio::spawn(blocking_parent()).await?);
    println!("block_in_place: {}", tokio::spawn(considerate_parent()).await?);
    Ok(())
}

/// The newest task of a worker stands in its LIFO slot, and no other worker takes it from there.
async fn blocking_parent() -> &'static str {
    // Long enough to be sure of a task that cannot start.
    outcome(&spawn_child(), Duration::from_millis(50))
}

/// `block_in_place` hands the worker's tasks to another thread before it blocks.
async fn considerate_parent() -> &'static str {
    let child = spawn_child();
    block_in_place(|| outcome(&child, Duration::from_secs(5)))
}

/// A task that reports its start.
fn spawn_child() -> Receiver<()> {
    let (started, start) = channel();
    // Nobody listens any more if it starts too late.
    tokio::spawn(async move { started.send(()).ok() });
    start
}

/// Blocks until the child has started, for `limit` at most.
fn outcome(start: &Receiver<()>, limit: Duration) -> &'static str {
    start.recv_timeout(limit).map_or("子タスクは停止する", |()| "子タスクは実行を続ける")
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUCK: Duration = Duration::from_millis(50);
    const FREE: Duration = Duration::from_secs(5);

    const RUNS: &str = "子タスクは実行を続ける";
    const STOPS: &str = "子タスクは停止する";

    /// Proves G-8.1-4, G-9.1-3, D-6-6.
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_child_in_the_lifo_slot_waits_although_three_workers_are_idle() {
        assert_eq!(tokio::spawn(blocking_parent()).await.unwrap(), STOPS);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn of_two_children_only_the_second_waits_for_its_parent() {
        let parent = tokio::spawn(async {
            let first = spawn_child();
            let second = spawn_child();
            (outcome(&first, FREE), outcome(&second, STUCK))
        });
        assert_eq!(parent.await.unwrap(), (RUNS, STOPS));
    }

    /// Proves G-9.1-3.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn block_in_place_lets_the_child_start() {
        assert_eq!(tokio::spawn(considerate_parent()).await.unwrap(), RUNS);
    }
}
