//! Guide 4.2 — `try_join!` and `JoinSet` return at the first error and cancel what is unfinished.

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> Result<()> {
    let (user, profile) = tokio::try_join!(fetch_user(1), fetch_profile(1))?;
    println!("{user}, {profile}");

    for user in fetch_users(1..=5).await? {
        println!("取得: {user}");
    }

    if let Err(error) = tokio::try_join!(fetch_user(0), fetch_profile(1)) {
        println!("エラー: {error}");
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

async fn fetch_profile(id: u64) -> Result<String> {
    sleep(Duration::from_millis(80)).await;
    Ok(format!("Profile#{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use tokio::time::Instant;
    use utils::probe::DropLog;

    /// Proves G-4.2-1.
    #[tokio::test(start_paused = true)]
    async fn success_takes_as_long_as_the_slowest_fetch() {
        let start = Instant::now();
        let both = tokio::try_join!(fetch_user(1), fetch_profile(1)).unwrap();
        assert_eq!(both, ("User#1".to_string(), "Profile#1".to_string()));
        assert_eq!(start.elapsed(), Duration::from_millis(80));
    }

    /// Proves G-4.2-3.
    #[tokio::test(start_paused = true)]
    async fn an_error_returns_at_once_and_cancels_the_rest() {
        let log = DropLog::new();
        let slow = async {
            let _guard = log.guard("cancelled");
            sleep(Duration::from_millis(200)).await;
            log.note("finished");
            Ok(())
        };
        let failing = async {
            sleep(Duration::from_millis(10)).await;
            Err::<(), _>(anyhow::anyhow!("failed"))
        };
        let start = Instant::now();
        tokio::try_join!(slow, failing).unwrap_err();
        assert_eq!(start.elapsed(), Duration::from_millis(10));
        assert_eq!(log.entries(), ["cancelled"]);
    }

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
