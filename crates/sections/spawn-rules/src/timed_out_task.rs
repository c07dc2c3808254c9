//! Guide FAQ Q4 — A timeout of a `JoinHandle` drops the handle; only an abort ends the task.
//!
//! To take to work: `cargo run -- copy timeout`.

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep, timeout};

const LIMIT: Duration = Duration::from_millis(10);

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("work of 20 ms, with a timeout of 10 ms");
    // Wrong: the caller goes on, and so does the task.
    let (work, ended) = slow_work();
    let _ = timeout(LIMIT, tokio::spawn(work)).await;
    println!("spawned: {}", how(ended).await);

    // Right: the tasks of a set are aborted with it. A handle that is kept has `abort`.
    let (work, ended) = slow_work();
    let mut set = JoinSet::from_iter([work]);
    let _ = timeout(LIMIT, set.join_next()).await;
    drop(set);
    println!("in a JoinSet: {}", how(ended).await);

    // Right: what is not spawned is dropped where it stands.
    let (work, ended) = slow_work();
    let _ = timeout(LIMIT, work).await;
    println!("not spawned: {}", how(ended).await);
}

/// The other end learns whether it was done or dropped.
fn slow_work() -> (impl Future<Output = ()> + Send, oneshot::Receiver<()>) {
    let (done, ended) = oneshot::channel();
    let work = async {
        sleep(2 * LIMIT).await;
        let _ = done.send(());
    };
    (work, ended)
}

async fn how(ended: oneshot::Receiver<()>) -> &'static str {
    ended.await.map_or("dropped", |()| "done")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_task_whose_handle_timed_out_goes_on_to_its_end() {
        let (start, (work, ended)) = (Instant::now(), slow_work());
        timeout(LIMIT, tokio::spawn(work)).await.unwrap_err();
        assert_eq!(how(ended).await, "done");
        assert_eq!(start.elapsed(), 2 * LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_of_a_set_ends_with_the_set() {
        let (start, (work, ended)) = (Instant::now(), slow_work());
        let mut set = JoinSet::from_iter([work]);
        timeout(LIMIT, set.join_next()).await.unwrap_err();
        drop(set);
        assert_eq!(how(ended).await, "dropped");
        assert_eq!(start.elapsed(), LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_spawned_ends_at_the_limit() {
        let (start, (work, ended)) = (Instant::now(), slow_work());
        timeout(LIMIT, work).await.unwrap_err();
        assert_eq!(how(ended).await, "dropped");
        assert_eq!(start.elapsed(), LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_handle_that_is_kept_can_be_aborted_after_the_timeout() {
        let (work, ended) = slow_work();
        let mut task = tokio::spawn(work);
        timeout(LIMIT, &mut task).await.unwrap_err();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(how(ended).await, "dropped");
    }

    /// An abort does not reach further: what a task has spawned is not its own.
    #[tokio::test(start_paused = true)]
    async fn an_abort_does_not_reach_the_tasks_of_a_task() {
        let (work, ended) = slow_work();
        let outer = tokio::spawn(async { tokio::spawn(work).await });
        sleep(LIMIT).await;
        outer.abort();
        assert!(outer.await.unwrap_err().is_cancelled());
        assert_eq!(how(ended).await, "done");
    }
}
