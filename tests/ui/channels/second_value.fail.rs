//! error[E0382]: use of moved value: `tx`
//! Proves D-11-4.
//! Deep dive 11.2: a oneshot carries one value, since `send` consumes its sender.

use tokio::sync::oneshot;

#[tokio::main]
async fn main() {
    let (tx, rx) = oneshot::channel::<u32>();
    tx.send(42).expect("the receiver is there");
    tx.send(43).expect("the receiver is there");
    println!("{:?}", rx.await);
}
