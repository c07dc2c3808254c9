//! Guide 10.1 — A graceful end finishes what has begun.
//!
//! `select!` drops the branch that loses: if the work is a branch, the signal stops it in the
//! middle. Let the signal compete with the wait for work, and not with the work.
//!
//! Fails first: the test `the_job_that_has_begun_is_finished` fails.

use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// Does one job after the other until it is told to end. Returns the jobs that are done.
async fn worker(mut jobs: Receiver<u32>, end: CancellationToken) -> Vec<u32> {
    let mut done = Vec::new();
    loop {
        // TODO: The end stops a job in the middle.
        tokio::select! {
            () = end.cancelled() => return done,
            () = async {
                let Some(job) = jobs.recv().await else { return };
                sleep(Duration::from_secs(10)).await;
                done.push(job);
            } => {}
        }
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::sync::mpsc;
    use tokio::time::{Instant, sleep};

    /// Sends the signal after `seconds`. Returns when the worker ended, and what it had done.
    fn ended_after(seconds: u64, jobs: u32) -> (u64, Vec<u32>) {
        paused(async move {
            let (sender, receiver) = mpsc::channel(9);
            for job in 1..=jobs {
                sender.send(job).await.unwrap();
            }
            let (start, end) = (Instant::now(), CancellationToken::new());
            let working = tokio::spawn(worker(receiver, end.clone()));
            sleep(Duration::from_secs(seconds)).await;
            end.cancel();
            let done = working.await.unwrap();
            drop(sender);
            (start.elapsed().as_secs(), done)
        })
    }

    #[test]
    fn the_job_that_has_begun_is_finished() {
        // Twenty times, because `select!` begins with a random branch.
        let ends: Vec<_> = (0..20).map(|_| ended_after(15, 5)).collect();
        for (seconds, done) in &ends {
            // Each job takes ten seconds, and the second has begun when the signal comes.
            assert!(done.len() >= 2 && *seconds == 10 * done.len() as u64, "{done:?} at {seconds}");
        }
        assert!(ends.iter().any(|(seconds, _)| *seconds < 50), "it ends only with the last job");
    }

    #[test]
    fn a_worker_without_work_ends_at_once() {
        assert_eq!(ended_after(15, 1), (15, vec![1]));
    }
}
