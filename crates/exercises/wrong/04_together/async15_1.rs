//! Wrong: has one limit for all attempts.

use std::time::Duration;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(2);

async fn persistent<F: Future<Output = u32>>(attempt: impl Fn(u32) -> F) -> Option<u32> {
    let all = async {
        for n in 1..=3 {
            return Some(attempt(n).await);
        }
        None
    };
    timeout(LIMIT, all).await.ok().flatten()
}
