//! Deep dive 12.5 — A dropped vector of handles stops no task; a dropped `JoinSet` stops all of its tasks.

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep};

// One thread: no task can end between its spawn and the drop.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("手作り drop: {}/5 完了", finished_after_drop_by_hand().await);
    println!("JoinSet drop: {}/5 完了", finished_after_drop_of_set().await);
}

async fn finished_after_drop_by_hand() -> usize {
    let (done, finished) = mpsc::channel(5);
    let tasks: Vec<_> = (0..5).map(|_| tokio::spawn(work(done.clone()))).collect();
    drop((tasks, done));
    count(finished).await
}

async fn finished_after_drop_of_set() -> usize {
    let (done, finished) = mpsc::channel(5);
    let set: JoinSet<()> = (0..5).map(|_| work(done.clone())).collect();
    drop((set, done));
    count(finished).await
}

async fn work(done: mpsc::Sender<()>) {
    sleep(Duration::from_millis(10)).await;
    done.send(()).await.expect("`count` holds the receiver until every task has ended");
}

/// Ends when each task has reported or been dropped, since each owns a sender.
async fn count(mut finished: mpsc::Receiver<()>) -> usize {
    let mut count = 0;
    while finished.recv().await.is_some() {
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use tokio::time::Instant;
    use utils::probe::DropLog;

    /// Proves D-12-12.
    #[tokio::test(start_paused = true)]
    async fn dropped_handles_detach_their_tasks() {
        let start = Instant::now();
        assert_eq!(finished_after_drop_by_hand().await, 5);
        assert_eq!(start.elapsed(), Duration::from_millis(10));
    }

    /// Proves D-12-12.
    #[tokio::test(start_paused = true)]
    async fn a_dropped_set_aborts_its_tasks() {
        let start = Instant::now();
        assert_eq!(finished_after_drop_of_set().await, 0);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    /// Dropping the set or `abort_all` only asks; `shutdown` also waits.
    #[tokio::test]
    async fn shutdown_returns_when_every_task_is_dropped() {
        let log = DropLog::new();
        let mut set = JoinSet::new();
        let guard = log.guard("dropped");
        set.spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        });
        set.abort_all();
        assert_eq!(log.entries(), Vec::<&str>::new());
        set.shutdown().await;
        assert_eq!(log.entries(), ["dropped"]);
    }
}
