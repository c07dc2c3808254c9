//! Guide 3.5: in a signature, `Send` is a promise that nobody needs to look up in the body.

use std::pin::Pin;

fn sum(n: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
    Box::pin(async move { if n == 0 { 0 } else { n + sum(n - 1).await } })
}

#[tokio::main]
async fn main() -> Result<(), tokio::task::JoinError> {
    println!("{}", tokio::spawn(sum(10)).await?);
    Ok(())
}
