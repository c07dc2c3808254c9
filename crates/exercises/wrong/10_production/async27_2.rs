//! Wrong: fetches all of them at the same time.

use futures::{Stream, StreamExt, future::join_all};

async fn pages<F>(numbers: impl Stream<Item = u32>, fetch: impl FnMut(u32) -> F) -> Vec<String>
where
    F: Future<Output = String>,
{
    let fetches: Vec<F> = numbers.map(fetch).collect().await;
    join_all(fetches).await
}
