//! Wrong: counts panics, and no errors.

type Job = std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

async fn failures(jobs: Vec<Job>) -> usize {
    let handles: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
    let mut failures = 0;
    for handle in handles {
        failures += usize::from(handle.await.is_err());
    }
    failures
}
