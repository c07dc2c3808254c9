//! Guide 4.2 — `try_join!` returns at the first error and drops the futures that are not done.

use anyhow::Result;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> Result<()> {
    let (user, profile) = tokio::try_join!(fetch_user(1), fetch_profile(1))?;
    println!("{user}, {profile}");

    if let Err(error) = tokio::try_join!(fetch_user(0), fetch_profile(1)) {
        println!("エラー: {error}");
    }
    Ok(())
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
}
