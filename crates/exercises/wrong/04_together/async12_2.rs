//! Wrong: spawns both: the one that loses runs on.

async fn fastest<F>(first: F, second: F) -> String
where
    F: Future<Output = String> + Send + 'static,
{
    let (first, second) = (tokio::spawn(first), tokio::spawn(second));
    tokio::select! {
        page = first => page.unwrap(),
        page = second => page.unwrap(),
    }
}
