//! error[E0599]: no method named `clone` found
//! Proves D-11-2.
//! Deep dive 11.1: many senders, one receiver.

use tokio::sync::mpsc;

#[tokio::main]
async fn main() {
    let (tx, mut rx) = mpsc::channel(32);
    let mut second = rx.clone();
    tx.send("msg 0").await.expect("the receiver is there");
    println!("{:?} {:?}", rx.recv().await, second.try_recv());
}
