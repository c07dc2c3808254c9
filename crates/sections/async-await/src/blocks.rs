//! Guide 3.3 — An `async` block runs where it is awaited; with `move` it owns what it uses.

use futures::future::join_all;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    let greeting = async {
        sleep(Duration::from_millis(100)).await;
        "Hello from async block!"
    };
    println!("{}", greeting.await);

    println!("{}", greet(String::from("Rust")).await);

    for line in fetch_all(&["https://a.com", "https://b.com", "https://c.com"]).await {
        println!("{line}");
    }
}

/// Without `move`, the block would borrow `name`, which ends with this call.
#[expect(clippy::manual_async_fn, reason = "the block is the point")]
fn greet(name: String) -> impl Future<Output = String> {
    async move { format!("Hello, {name}!") }
}

/// In the order of `urls`, whichever ends first.
///
/// No URL is cloned, since all fetches end before this borrow does. Spawned ones would need a copy
/// each, made in the closure but outside its block: a copy made inside would come too late.
async fn fetch_all(urls: &[&str]) -> Vec<String> {
    let fetches = urls.iter().map(|url| async move {
        // Where the document stands in for `reqwest::get(url)`.
        format!("fetched: {url}")
    });
    join_all(fetches).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    const URLS: [&str; 3] = ["https://a.com", "https://b.com", "https://c.com"];

    #[tokio::test(start_paused = true)]
    async fn a_block_takes_no_time_until_it_is_awaited() {
        let start = Instant::now();
        let greeting = async {
            sleep(Duration::from_millis(100)).await;
            start.elapsed()
        };
        sleep(Duration::from_millis(500)).await;
        assert_eq!(greeting.await, Duration::from_millis(600));
    }

    #[tokio::test]
    async fn a_block_without_move_borrows() {
        let name = String::from("Rust");
        let greet = async { format!("Hello, {name}!") };
        assert_eq!(greet.await, "Hello, Rust!");
        assert_eq!(name, "Rust");
    }

    #[tokio::test]
    async fn a_block_with_move_outlives_its_function() {
        assert_eq!(greet(String::from("Rust")).await, "Hello, Rust!");
    }

    /// Proves G-3.3-1, G-3.3-4.
    #[tokio::test]
    async fn results_come_in_the_order_of_the_urls() {
        assert_eq!(
            fetch_all(&URLS).await,
            ["fetched: https://a.com", "fetched: https://b.com", "fetched: https://c.com"]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn join_all_keeps_the_input_order_when_the_last_ends_first() {
        let start = Instant::now();
        let fetches = (1..=3).map(|n| async move {
            sleep(Duration::from_millis(400 - 100 * n)).await;
            (n, start.elapsed().as_millis())
        });
        assert_eq!(join_all(fetches).await, [(1, 300), (2, 200), (3, 100)]);
    }

    /// The document's clone is for this: a task may not borrow from the caller.
    /// Proves G-3.3-4.
    #[tokio::test]
    async fn spawned_fetches_own_a_copy_made_in_the_closure() {
        let tasks = URLS.iter().map(|url| {
            let url = url.to_string();
            tokio::spawn(async move { format!("fetched: {url}") })
        });
        let results: Vec<_> = join_all(tasks).await.into_iter().flatten().collect();
        assert_eq!(results, fetch_all(&URLS).await);
    }
}
