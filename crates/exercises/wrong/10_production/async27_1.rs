//! Wrong: returns the pages in the order in which they come.

use futures::{Stream, StreamExt};

async fn pages<F>(numbers: impl Stream<Item = u32>, fetch: impl FnMut(u32) -> F) -> Vec<String>
where
    F: Future<Output = String>,
{
    numbers.map(fetch).buffer_unordered(3).collect().await
}
