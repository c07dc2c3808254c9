//! Deep dive 11.1: many senders, one receiver. The sender is what can be cloned.

use tokio::sync::mpsc;

#[tokio::main]
async fn main() {
    let (tx, mut rx) = mpsc::channel(32);
    let second = tx.clone();
    tx.send("msg 0").await.expect("the receiver is there");
    second.send("msg 1").await.expect("the receiver is there");
    println!("{:?} {:?}", rx.recv().await, rx.recv().await);
}
