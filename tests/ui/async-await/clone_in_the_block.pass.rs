//! Guide 3.3: the clone is made in the closure, outside the block.

async fn fetch_all(urls: &[String]) -> Vec<String> {
    let fetches = urls.iter().map(|url| {
        let url = url.to_string();
        tokio::spawn(async move { format!("fetched: {url}") })
    });
    let results = futures::future::join_all(fetches).await;
    results.into_iter().flatten().collect()
}

#[tokio::main]
async fn main() {
    println!("{:?}", fetch_all(&["https://a.com".to_string()]).await);
}
