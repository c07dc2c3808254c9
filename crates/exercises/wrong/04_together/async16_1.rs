//! Wrong: polls the sleep first, but makes it anew all the same.

use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::time::sleep;

async fn count(mut messages: Receiver<()>) -> u32 {
    let mut count = 0;
    loop {
        tokio::select! {
            biased;
            () = sleep(Duration::from_secs(5)) => return count,
            Some(()) = messages.recv() => count += 1,
        }
    }
}
