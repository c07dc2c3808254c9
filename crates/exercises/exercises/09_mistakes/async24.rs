//! Guide 9.2 — A task that nobody awaits fails unnoticed.
//!
//! If you drop a `JoinHandle`, its task runs on, and your program never learns of its error or its
//! panic. Keep the handles, and await each of them.
//!
//! Fails first: the test `every_failure_is_counted` fails.

type Job = std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// Runs all jobs at the same time, and counts those that failed, by an error or a panic.
async fn failures(jobs: Vec<Job>) -> usize {
    for job in jobs {
        // TODO: Nobody learns how this job ends.
        tokio::spawn(job);
    }
    0
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    fn job(seconds: u64, end: fn() -> Result<(), String>) -> Job {
        Box::pin(async move {
            sleep(Duration::from_secs(seconds)).await;
            end()
        })
    }

    #[test]
    fn every_failure_is_counted() {
        paused(async {
            let start = Instant::now();
            let jobs = vec![
                job(3, || Ok(())),
                job(2, || Err("no room".to_string())),
                job(1, || panic!("this job panics on purpose")),
            ];
            assert_eq!(failures(jobs).await, 2);
            assert_eq!(start.elapsed(), Duration::from_secs(3));
        });
    }
}
