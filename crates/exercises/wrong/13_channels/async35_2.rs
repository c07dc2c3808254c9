//! Wrong: has room for all of them.

use tokio::sync::mpsc::{Receiver, channel};

type Numbers = Receiver<u32>;

fn numbers(sent: impl Fn(u32) + Send + 'static) -> Numbers {
    let (sender, receiver) = channel(10);
    tokio::spawn(async move {
        for number in 1..=10 {
            if sender.send(number).await.is_err() {
                return;
            }
            sent(number);
        }
    });
    receiver
}
