//! Wrong: awaits each job before it spawns the next.

type Job = std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

async fn failures(jobs: Vec<Job>) -> usize {
    let mut failures = 0;
    for job in jobs {
        failures += usize::from(!matches!(tokio::spawn(job).await, Ok(Ok(()))));
    }
    failures
}
