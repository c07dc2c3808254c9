//! Deep dive 11.6 — You may drop a `recv`: what it has not returned stays in the queue.

#[path = "harness.rs"]
mod harness;
#[path = "world.rs"]
mod world;

use harness::{Row, again, print, row};
use tokio::sync::mpsc;

pub fn main() -> anyhow::Result<()> {
    print("receiving from a queue", table())
}

fn table() -> [Row; 3] {
    [
        row("mpsc::Receiver::recv", "cancel safe", async |cut| {
            let ((sender, mut receiver), mut seen) = (mpsc::channel(4), Vec::new());
            world::each_ms(move |letter| sender.try_send(letter));
            while let Some(letter) = again(cut, async || receiver.recv().await).await {
                seen.push(letter);
            }
            Ok(seen)
        }),
        row("mpsc::Receiver::recv_many", "cancel safe", async |cut| {
            let ((sender, mut receiver), mut seen) = (mpsc::channel(4), Vec::new());
            world::each_ms(move |letter| sender.try_send(letter));
            while again(cut, async || receiver.recv_many(&mut seen, 2).await).await > 0 {}
            Ok(seen)
        }),
        row("mpsc::UnboundedReceiver::recv", "cancel safe", async |cut| {
            let ((sender, mut receiver), mut seen) = (mpsc::unbounded_channel(), Vec::new());
            world::each_ms(move |letter| sender.send(letter));
            while let Some(letter) = again(cut, async || receiver.recv().await).await {
                seen.push(letter);
            }
            Ok(seen)
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_recv_loses_a_message() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["mpsc::Receiver::recv", "nothing", "cancel safe"],
            ["mpsc::Receiver::recv_many", "nothing", "cancel safe"],
            ["mpsc::UnboundedReceiver::recv", "nothing", "cancel safe"],
        ];
        assert_eq!(rows, expected);
    }
}
