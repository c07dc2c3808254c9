//! Guide FAQ Q2 — A task owns what it uses, and what it keeps across an `.await` is `Send`.

use std::rc::Rc;
use std::sync::Arc;
use tokio::task::{JoinError, yield_now};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    moved().await?;
    shared().await?;
    println!("{}", not_across_an_await().await?);
    Ok(())
}

/// The task outlives this function if it must: it has taken `data` with it.
async fn moved() -> Result<(), JoinError> {
    let data = String::from("hello");
    // Without the `.await`, its line would be left to chance.
    tokio::spawn(async move { println!("{data}") }).await
}

/// Where both sides need the value, each owns a part of it.
async fn shared() -> Result<(), JoinError> {
    let data = Arc::new(String::from("hello"));
    let part = Arc::clone(&data);
    let length = tokio::spawn(async move { part.len() }).await?;
    println!("{data}: {length} bytes");
    Ok(())
}

/// An `Rc` is not `Send`, and this task may change threads at its `.await`: it is gone by then.
async fn not_across_an_await() -> Result<usize, JoinError> {
    tokio::spawn(async {
        let length = Rc::new("hello").len();
        yield_now().await;
        length
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::thread;
    use tokio::sync::oneshot;

    /// Proves G-Q2-3.
    #[tokio::test]
    async fn a_value_behind_an_rc_may_be_used_between_two_awaits() {
        assert_eq!(not_across_an_await().await.unwrap(), 5);
    }

    /// The task's first worker is kept busy, so the other one goes on with it.
    /// Proves G-1.3-5, G-Q2-1.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_task_changes_threads_at_an_await() {
        let release = Arc::new(Barrier::new(2));
        let (go_on, may_go_on) = oneshot::channel();
        let (busy, is_busy) = oneshot::channel();
        let task = tokio::spawn({
            let release = Arc::clone(&release);
            async move {
                let before = thread::current().id();
                // Spawned from a worker, it waits in a slot that no other worker can steal from.
                tokio::spawn(async move {
                    busy.send(thread::current().id()).unwrap();
                    release.wait();
                });
                may_go_on.await.unwrap();
                (before, thread::current().id())
            }
        });
        let blocked = is_busy.await.unwrap();
        go_on.send(()).unwrap();
        let (before, after) = task.await.unwrap();
        release.wait();
        assert_eq!(before, blocked);
        assert_ne!(before, after);
    }
}
