//! error: future cannot be sent between threads safely
//! Guide 3.3: the bound `AsyncFn` has no words yet for "and its future is `Send`".

fn start(work: impl AsyncFn() + Send + Sync + 'static) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move { work().await })
}

#[tokio::main]
async fn main() {
    drop(start(async || {}).await);
}
