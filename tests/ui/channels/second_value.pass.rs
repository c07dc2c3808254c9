//! Deep dive 11.2: a second value needs a second oneshot.

use tokio::sync::oneshot;

#[tokio::main]
async fn main() {
    let (tx, rx) = oneshot::channel::<u32>();
    tx.send(42).expect("the receiver is there");
    let (tx, second) = oneshot::channel::<u32>();
    tx.send(43).expect("the receiver is there");
    println!("{:?} {:?}", rx.await, second.await);
}
