//! Guide 3.3: for `tokio::spawn` the old bound remains; an async closure fits it.

fn start<F>(work: impl Fn() -> F + Send + 'static) -> tokio::task::JoinHandle<()>
where
    F: Future<Output = ()> + Send,
{
    tokio::spawn(async move { work().await })
}

#[tokio::main]
async fn main() {
    drop(start(async || {}).await);
}
