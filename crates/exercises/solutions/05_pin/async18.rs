//! Guide 5.1 — A future must not move after its first poll.

use std::pin::Pin;

/// Futures of different types, in one list.
#[derive(Default)]
struct Jobs {
    jobs: Vec<Pin<Box<dyn Future<Output = u32>>>>,
}

impl Jobs {
    fn add(&mut self, job: impl Future<Output = u32> + 'static) {
        // When the list grows, the pointers move. What they point to does not.
        self.jobs.push(Box::pin(job));
    }

    async fn run(self) -> u32 {
        let mut sum = 0;
        for job in self.jobs {
            sum += job.await;
        }
        sum
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use tokio::task::yield_now;

    #[test]
    fn jobs_of_different_types_run() {
        let mut jobs = Jobs::default();
        jobs.add(async { 1 });
        jobs.add(async {
            let two = [2];
            let borrowed = &two;
            yield_now().await;
            borrowed[0]
        });
        assert_eq!(paused(jobs.run()), 3);
    }
}
