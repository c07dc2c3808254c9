//! Deep dive 11.6 — A dropped `send` that waits for room in its sink loses its message.

#[path = "harness.rs"]
mod harness;

use futures::channel::mpsc;
use futures::{SinkExt, StreamExt};
use harness::{MS, Row, again, print, row};
use tokio::time::sleep;

pub fn main() -> anyhow::Result<()> {
    print("sinks", table())
}

fn table() -> [Row; 1] {
    [row("futures mpsc::Sender: send", "silent", async |cut| {
        let (mut sender, receiver) = mpsc::channel(0);
        let seen = tokio::spawn(
            receiver
                .then(async |letter| {
                    sleep(MS).await;
                    letter
                })
                .collect(),
        );
        sender.feed(b'a').await?;
        let mut letter = Some(b'b');
        again(cut, async || Some(sender.send(letter.take()?).await)).await.transpose()?;
        drop(sender);
        Ok(seen.await?)
    })]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves D-18-8.
    #[test]
    fn a_send_that_waits_for_room_loses_its_message() {
        let rows = table().map(Result::unwrap);
        let expected = [["futures mpsc::Sender: send", "data lost", "silent"]];
        assert_eq!(rows, expected);
    }
}
