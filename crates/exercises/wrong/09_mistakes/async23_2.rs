//! Wrong: lets the others run once, and then blocks them.

async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::yield_now().await;
    work()
}
