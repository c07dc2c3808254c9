//! error[E0521]: borrowed data escapes outside of function
//! Proves G-3.3-4.
//! Guide 3.3: a clone made in the block is made when the block runs, from what it has borrowed.

async fn fetch_all(urls: &[String]) -> Vec<String> {
    let fetches = urls.iter().map(|url| {
        tokio::spawn(async move {
            let url = url.to_string();
            format!("fetched: {url}")
        })
    });
    let results = futures::future::join_all(fetches).await;
    results.into_iter().flatten().collect()
}

#[tokio::main]
async fn main() {
    println!("{:?}", fetch_all(&["https://a.com".to_string()]).await);
}
