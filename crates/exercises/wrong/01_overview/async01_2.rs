//! Wrong: makes the sleep and does not await it.

use std::time::Duration;

const BREWING: Duration = Duration::from_millis(10);

async fn brew(cup: u32) -> u32 {
    let _sleep = tokio::time::sleep(BREWING);
    cup
}
