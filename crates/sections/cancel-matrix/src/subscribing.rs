//! Deep dive 11.6 — A subscriber may drop its wait: what it has not seen stays in the channel.

#[path = "harness.rs"]
mod harness;
#[path = "world.rs"]
mod world;

use harness::{Row, again, print, row};
use tokio::sync::{broadcast, watch};

pub fn main() -> anyhow::Result<()> {
    print("subscribing", table())
}

fn table() -> [Row; 3] {
    [
        row("broadcast::Receiver::recv", "cancel safe", async |cut| {
            let ((sender, mut receiver), mut seen) = (broadcast::channel(4), Vec::new());
            world::each_ms(move |letter| sender.send(letter));
            while let Ok(letter) = again(cut, async || receiver.recv().await).await {
                seen.push(letter);
            }
            Ok(seen)
        }),
        row("watch::Receiver::changed", "cancel safe", async |cut| {
            let ((sender, mut receiver), mut seen) = (watch::channel(b' '), Vec::new());
            world::each_ms(move |letter| sender.send(letter));
            while again(cut, async || receiver.changed().await).await.is_ok() {
                seen.push(*receiver.borrow());
            }
            Ok(seen)
        }),
        row("watch::Receiver::wait_for", "cancel safe", async |cut| {
            let (sender, mut receiver) = watch::channel(b' ');
            world::each_ms(move |letter| sender.send(letter));
            let third = async || receiver.wait_for(|letter| *letter == b'c').await.map(|it| *it);
            Ok(vec![again(cut, third).await?])
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_subscriber_loses_a_message() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["broadcast::Receiver::recv", "nothing", "cancel safe"],
            ["watch::Receiver::changed", "nothing", "cancel safe"],
            ["watch::Receiver::wait_for", "nothing", "cancel safe"],
        ];
        assert_eq!(rows, expected);
    }
}
