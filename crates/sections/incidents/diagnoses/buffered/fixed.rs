use super::{Page, fetch, store};
use futures::StreamExt;
use futures::stream::iter;
use std::pin::pin;
use tokio::spawn;
use tokio::time::{Duration, timeout};

const LIMIT: Duration = Duration::from_secs(2);

/// Fetches pages, two at once, each within 2 s, and stores them.
/// Returns those that came in time.
pub async fn import(pages: Vec<Page>) -> Vec<Page> {
    let fetched = iter(pages).map(|page| spawn(timeout(LIMIT, fetch(page))));
    let mut fetched = pin!(fetched.buffered(2));
    let mut stored = Vec::new();
    while let Some(result) = fetched.next().await {
        if let Ok(Ok(page)) = result {
            store(page).await;
            stored.push(page);
        }
    }
    stored
}
