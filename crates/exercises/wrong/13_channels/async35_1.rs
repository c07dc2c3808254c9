//! Wrong: throws away what finds no place.

use tokio::sync::mpsc::{Receiver, channel};

type Numbers = Receiver<u32>;

fn numbers(sent: impl Fn(u32) + Send + 'static) -> Numbers {
    let (sender, receiver) = channel(2);
    tokio::spawn(async move {
        for number in 1..=10 {
            if sender.try_send(number).is_ok() {
                sent(number);
            }
        }
    });
    receiver
}
