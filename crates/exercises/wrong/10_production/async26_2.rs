//! Wrong: works off the whole queue before it ends.

use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

async fn worker(mut jobs: Receiver<u32>, end: CancellationToken) -> Vec<u32> {
    let mut done = Vec::new();
    loop {
        tokio::select! {
            biased;
            Some(job) = jobs.recv() => {
                sleep(Duration::from_secs(10)).await;
                done.push(job);
            }
            () = end.cancelled() => return done,
        }
    }
}
