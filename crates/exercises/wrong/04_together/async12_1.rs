//! Wrong: waits for both, and then takes one.

async fn fastest<F>(first: F, second: F) -> String
where
    F: Future<Output = String> + Send + 'static,
{
    let (first, _second) = tokio::join!(first, second);
    first
}
