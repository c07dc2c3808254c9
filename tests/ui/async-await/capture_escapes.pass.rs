//! Guide 3.3: an async closure can.

async fn twice(mut visit: impl AsyncFnMut()) {
    visit().await;
    visit().await;
}

#[tokio::main]
async fn main() {
    let mut visited = Vec::new();
    twice(async || visited.push("visited")).await;
    println!("{visited:?}");
}
