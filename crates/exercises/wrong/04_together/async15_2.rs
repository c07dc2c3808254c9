//! Wrong: panics when the time is up.

use std::time::Duration;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(2);

async fn persistent<F: Future<Output = u32>>(attempt: impl Fn(u32) -> F) -> Option<u32> {
    Some(timeout(LIMIT, attempt(1)).await.unwrap())
}
