//! Wrong: yields once, and then blocks the thread as before.

use std::time::Duration;

const BREWING: Duration = Duration::from_millis(10);

async fn brew(cup: u32) -> u32 {
    tokio::task::yield_now().await;
    std::thread::sleep(BREWING);
    cup
}
