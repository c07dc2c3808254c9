//! Guide 10.3 — A child token cancels one part, and its parent cancels all parts.
//!
//! A clone of a token is the same token: if you cancel the clone, you cancel everything. A child
//! token is cancelled with its parent, or alone.
//!
//! Fails first: the test `one_job_is_stopped_and_the_others_run_on` fails.

use tokio_util::sync::CancellationToken;

/// A service with jobs that can be stopped one by one, or all at once.
struct Service {
    stop: CancellationToken,
    jobs: Vec<CancellationToken>,
}

impl Service {
    fn new(jobs: usize) -> Self {
        let stop = CancellationToken::new();
        // TODO: These are all the same token, so the end of one job is the end of all jobs.
        let jobs = (0..jobs).map(|_| stop.clone()).collect();
        Self { stop, jobs }
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use tokio_util::task::TaskTracker;

    #[test]
    fn one_job_is_stopped_and_the_others_run_on() {
        let service = Service::new(3);
        service.jobs[0].cancel();
        let stopped: Vec<_> = service.jobs.iter().map(CancellationToken::is_cancelled).collect();
        assert_eq!(stopped, [true, false, false]);
        assert!(!service.stop.is_cancelled());
    }

    #[test]
    fn the_service_stops_every_job() {
        paused(async {
            let (service, tracker) = (Service::new(3), TaskTracker::new());
            for job in service.jobs {
                tracker.spawn(job.cancelled_owned());
            }
            tracker.close();
            service.stop.cancel();
            tracker.wait().await;
        });
    }
}
