//! Wrong, and does not compile: asks for futures that may be moved, which async blocks are not.

#[derive(Default)]
struct Jobs {
    jobs: Vec<Box<dyn Future<Output = u32> + Unpin>>,
}

impl Jobs {
    fn add(&mut self, job: impl Future<Output = u32> + Unpin + 'static) {
        self.jobs.push(Box::new(job));
    }

    async fn run(self) -> u32 {
        let mut sum = 0;
        for job in self.jobs {
            sum += job.await;
        }
        sum
    }
}
