//! Deep dive 10.5 — `block_in_place` stops the other branches of its own `join!`, but no other task.

use std::sync::mpsc;
use tokio::sync::oneshot;
use tokio::task::{JoinError, block_in_place};

#[tokio::main(worker_threads = 1)]
pub async fn main() -> Result<(), JoinError> {
    println!("order: {}", tokio::spawn(order()).await?.join(" → "));
    Ok(())
}

/// The branches are one task: while one of them blocks, the other is not polled, although it is
/// woken before the closure ends.
async fn order() -> Vec<&'static str> {
    // No result below is an error: both ends of each channel are there until the last line.
    let (log, entries) = mpsc::channel();
    let (wake, woken) = oneshot::channel();
    let (open, gate) = oneshot::channel();
    let other_log = log.clone();
    let other_task = async move {
        let _ = other_log.send("other task");
        let _ = wake.send(());
        let _ = open.send(());
    };
    let sibling = async {
        let _ = woken.await;
        let _ = log.send("sibling branch");
    };
    let blocking = async {
        tokio::spawn(other_task);
        block_in_place(|| {
            let _ = gate.blocking_recv();
            let _ = log.send("closure");
        });
    };
    tokio::join!(sibling, blocking);
    entries.try_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;
    use std::time::{Duration, Instant};
    use tokio::time::sleep;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_woken_sibling_waits_for_the_closure_and_other_tasks_do_not() {
        let order = tokio::spawn(order()).await.unwrap();
        assert_eq!(order, ["other task", "closure", "sibling branch"]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_timer_of_a_sibling_is_late_by_the_whole_closure() {
        let start = Instant::now();
        let sibling = async {
            sleep(Duration::from_millis(10)).await;
            start.elapsed()
        };
        let blocking = async { block_in_place(|| thread::sleep(Duration::from_millis(200))) };
        let (elapsed, ()) = tokio::join!(sibling, blocking);
        assert!(elapsed >= Duration::from_millis(200), "{elapsed:?}");
    }
}
