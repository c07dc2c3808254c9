//! Wrong, and does not compile: takes one type only.

struct Jobs<F> {
    jobs: Vec<F>,
}

impl<F> Default for Jobs<F> {
    fn default() -> Self {
        Self { jobs: Vec::new() }
    }
}

impl<F: Future<Output = u32>> Jobs<F> {
    fn add(&mut self, job: F) {
        self.jobs.push(job);
    }

    async fn run(self) -> u32 {
        let mut sum = 0;
        for job in self.jobs {
            sum += job.await;
        }
        sum
    }
}
