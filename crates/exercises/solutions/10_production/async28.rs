//! Guide 10.3 — A child token cancels one part, and its parent cancels all parts.

use tokio_util::sync::CancellationToken;

/// A service with jobs that can be stopped one by one, or all at once.
struct Service {
    stop: CancellationToken,
    jobs: Vec<CancellationToken>,
}

impl Service {
    fn new(jobs: usize) -> Self {
        let stop = CancellationToken::new();
        // The parent cancels its children. A child cancels only itself.
        let jobs = (0..jobs).map(|_| stop.child_token()).collect();
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
