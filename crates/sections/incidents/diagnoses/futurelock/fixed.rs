use super::{Pool, log_slow, query};
use std::pin::pin;
use tokio::time::{Duration, sleep};

/// Answers a request, and notes in the database if the answer takes more than a second.
pub async fn handle(pool: &Pool) -> u32 {
    let mut answer = pin!(query(pool));
    tokio::select! {
        biased;
        answer = &mut answer => answer,
        () = sleep(Duration::from_secs(1)) => {
            tokio::join!(answer, log_slow(pool)).0
        }
    }
}
