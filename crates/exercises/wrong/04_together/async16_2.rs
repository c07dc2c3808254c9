//! Wrong: looks at the clock only when a message comes.

use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::time::Instant;

async fn count(mut messages: Receiver<()>) -> u32 {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut count = 0;
    while messages.recv().await.is_some() {
        if Instant::now() > deadline {
            return count;
        }
        count += 1;
    }
    count
}
