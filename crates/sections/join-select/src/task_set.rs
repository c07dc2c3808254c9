//! Guide 4.2 — A loop over a `JoinSet` returns at the first error, and dropping the set aborts the rest.

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> Result<()> {
    for user in fetch_users(1..=5).await? {
        println!("取得: {user}");
    }
    if let Err(error) = fetch_users(0..=5).await {
        println!("エラー: {error}");
    }
    Ok(())
}

/// Fetches all of them at once, each in a task of its own; returns them in the order of `ids`.
///
/// At the first error the set is dropped on return, which aborts the tasks still running.
async fn fetch_users(ids: impl IntoIterator<Item = u64>) -> Result<Vec<String>> {
    let mut set = JoinSet::new();
    for (i, id) in ids.into_iter().enumerate() {
        set.spawn(async move { anyhow::Ok((i, fetch_user(id).await?)) });
    }
    let mut users = Vec::new();
    while let Some(result) = set.join_next().await {
        // One `?` for a task that panicked, one for a fetch that failed.
        users.push(result??);
    }
    // They arrive in the order of completion.
    users.sort_unstable_by_key(|(i, _)| *i);
    Ok(users.into_iter().map(|(_, user)| user).collect())
}

async fn fetch_user(id: u64) -> Result<String> {
    anyhow::ensure!(id != 0, "no user has the id 0");
    sleep(Duration::from_millis(50)).await;
    Ok(format!("User#{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use tokio::time::Instant;
    use utils::probe::DropLog;

    /// Proves G-4.2-2.
    #[tokio::test(start_paused = true)]
    async fn a_set_of_tasks_takes_as_long_as_one() {
        let start = Instant::now();
        let users = fetch_users(1..=5).await.unwrap();
        assert_eq!(users, ["User#1", "User#2", "User#3", "User#4", "User#5"]);
        assert_eq!(start.elapsed(), Duration::from_millis(50));
    }

    #[tokio::test(start_paused = true)]
    async fn users_come_in_the_order_of_the_ids_given() {
        let users = fetch_users([2, 10, 1]).await.unwrap();
        assert_eq!(users, ["User#2", "User#10", "User#1"]);
    }

    /// "Waits for all" holds only while nothing fails.
    /// Proves G-4.2-4.
    #[tokio::test(start_paused = true)]
    async fn an_error_in_a_set_aborts_the_tasks_that_still_run() {
        let log = DropLog::new();
        let document = async || -> Result<()> {
            let mut set = JoinSet::new();
            let (log, guard) = (log.clone(), log.guard("aborted"));
            set.spawn(async move {
                let _guard = guard;
                pending::<Result<()>>().await
            });
            set.spawn(async move {
                log.note("failed");
                anyhow::bail!("failed")
            });
            while let Some(result) = set.join_next().await {
                result??;
            }
            Ok(())
        };
        document().await.unwrap_err();
        // An abort takes effect when its task has its next turn.
        tokio::task::yield_now().await;
        assert_eq!(log.entries(), ["failed", "aborted"]);
        assert!(fetch_users(0..=5).await.is_err());
    }
}
