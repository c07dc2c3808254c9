//! Guide 3.3 — Async closures are stable, and their futures may borrow what the closure captured.

use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    let urls = ["https://a.com", "https://b.com", "https://c.com"];
    let mut fetched = Vec::new();
    // A plain closure that returns an `async` block may not do this: its block would outlive the
    // call with a `&mut` to what the next call needs too.
    for_each(&urls, async |url| {
        let body = fetch(url).await;
        fetched.push(body);
    })
    .await;
    println!("{fetched:?}");
}

/// `visit` may hold on to its argument and to its captures until its future ends, which is before
/// the next call. `FnMut(&str) -> F` cannot say either.
async fn for_each(urls: &[&str], mut visit: impl AsyncFnMut(&str)) {
    for url in urls {
        visit(url).await;
    }
}

async fn fetch(url: &str) -> String {
    sleep(Duration::from_millis(10)).await;
    format!("fetched: {url}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use tokio::time::Instant;

    async fn visited(visit: impl AsyncFn(&str) -> String) -> Vec<String> {
        join_all(["a", "b"].iter().map(|url| visit(url))).await
    }

    /// Proves G-3.3-3.
    #[tokio::test(start_paused = true)]
    async fn an_async_closure_changes_its_capture_across_an_await() {
        let start = Instant::now();
        let mut total = 0;
        for_each(&["a", "bc"], async |url| total += fetch(url).await.len()).await;
        assert_eq!(total, "fetched: a".len() + "fetched: bc".len());
        assert_eq!(start.elapsed(), Duration::from_millis(20));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_only_reads_its_capture_runs_concurrently_with_itself() {
        let start = Instant::now();
        let host = String::from("https://");
        let fetched = visited(async |url| fetch(&format!("{host}{url}")).await).await;
        assert_eq!(fetched, ["fetched: https://a", "fetched: https://b"]);
        assert_eq!(start.elapsed(), Duration::from_millis(10));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_gives_its_capture_away_is_called_once() {
        async fn once(give: impl AsyncFnOnce() -> String) -> String {
            give().await
        }
        let url = String::from("https://a.com");
        let give = async || {
            sleep(Duration::from_millis(10)).await;
            url
        };
        assert_eq!(once(give).await, "https://a.com");
    }

    #[tokio::test(start_paused = true)]
    async fn an_async_fn_and_the_old_form_fit_the_new_bound() {
        let fetched = visited(fetch).await;
        assert_eq!(fetched, ["fetched: a", "fetched: b"]);
        let old_form = |url: &str| {
            let url = url.to_string();
            async move { fetch(&url).await }
        };
        assert_eq!(visited(old_form).await, fetched);
    }
}
