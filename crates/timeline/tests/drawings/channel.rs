//! A full channel makes the sender wait: each side wakes the other.

use tokio::sync::mpsc;

pub fn drawing() -> timeline::Drawing {
    timeline::draw(program())
}

async fn program() {
    let (sender, mut receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        for number in 0..3 {
            sender.send(number).await.unwrap();
        }
    });
    while receiver.recv().await.is_some() {}
}
