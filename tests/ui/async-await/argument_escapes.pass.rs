//! Guide 3.3: `AsyncFnMut` has a future type for each call.

async fn for_each(urls: &[&str], mut visit: impl AsyncFnMut(&str)) {
    for url in urls {
        visit(url).await;
    }
}

#[tokio::main]
async fn main() {
    for_each(&["https://a.com"], async |url: &str| println!("{url}")).await;
}
