//! A receiver needs `mut` to await a change.

use tokio::sync::watch;

#[tokio::main]
async fn main() {
    let shutdown_tx = watch::Sender::new(true);
    let mut rx = shutdown_tx.subscribe();
    println!("{:?}", rx.wait_for(|&stop| stop).await.as_deref());
}
