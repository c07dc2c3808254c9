//! Wrong: looks at the signal only between two jobs, and waits for a job that never comes.

use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

async fn worker(mut jobs: Receiver<u32>, end: CancellationToken) -> Vec<u32> {
    let mut done = Vec::new();
    while !end.is_cancelled() {
        let Some(job) = jobs.recv().await else { return done };
        sleep(Duration::from_secs(10)).await;
        done.push(job);
    }
    done
}
