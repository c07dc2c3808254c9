//! error: lifetime may not live long enough
//! Guide 3.3: one `F` for every call cannot keep the argument, which is another one each time.

async fn for_each<F: Future<Output = ()>>(urls: &[&str], mut visit: impl FnMut(&str) -> F) {
    for url in urls {
        visit(url).await;
    }
}

#[tokio::main]
async fn main() {
    for_each(
        &["https://a.com"],
        |url: &str| async move { println!("{url}") },
    )
    .await;
}
