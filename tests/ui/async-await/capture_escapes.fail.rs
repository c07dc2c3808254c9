//! error: captured variable cannot escape `FnMut` closure body
//! Proves G-3.3-3.
//! Guide 3.3: a closure that returns an `async` block cannot lend it what it captured as `&mut`.

async fn twice<F: Future<Output = ()>>(mut visit: impl FnMut() -> F) {
    visit().await;
    visit().await;
}

#[tokio::main]
async fn main() {
    let mut visited = Vec::new();
    twice(|| async { visited.push("visited") }).await;
    println!("{visited:?}");
}
