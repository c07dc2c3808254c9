use super::{Pool, log_slow, query};
use std::pin::pin;
use tokio::time::{Duration, sleep};

/// Answers a request. If that takes more than a second, notes it in the
/// database.
pub async fn handle(pool: &Pool) -> u32 {
    let mut answer = pin!(query(pool));
    tokio::select! {
        biased;
        answer = &mut answer => answer,
        () = sleep(Duration::from_secs(1)) => {
            log_slow(pool).await;
            answer.await
        }
    }
}
