//! Wrong: spawns a task for it, on the same threads.

async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::spawn(async move { work() }).await.unwrap()
}
