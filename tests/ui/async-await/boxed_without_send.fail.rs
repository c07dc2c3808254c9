//! error: future cannot be sent between threads safely
//! Proves G-3.5-3.
//! Guide 3.5: a `dyn Future` is `Send` if it says so. Without, the whole cannot be spawned.

use std::pin::Pin;

async fn sum(n: u64) -> u64 {
    if n == 0 {
        return 0;
    }
    let rest: Pin<Box<dyn Future<Output = u64>>> = Box::pin(sum(n - 1));
    n + rest.await
}

#[tokio::main]
async fn main() -> Result<(), tokio::task::JoinError> {
    println!("{}", tokio::spawn(sum(10)).await?);
    Ok(())
}
