//! Deep dive 11.6 — A dropped `send` loses its message; a dropped `reserve` loses only its place.

#[path = "harness.rs"]
mod harness;

use harness::{MS, Row, again, print, row};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::sleep;

pub fn main() -> anyhow::Result<()> {
    print("sending", table())
}

fn table() -> [Row; 2] {
    [
        row("mpsc::Sender::send", "loses its message", async |cut| {
            let (sender, seen) = full()?;
            let mut letter = Some(b'b'); // moved into the first attempt, as any message is
            again(cut, async || Some(sender.send(letter.take()?).await)).await.transpose()?;
            drop(sender);
            Ok(seen.await?)
        }),
        row("mpsc::Sender::reserve", "loses its place", async |cut| {
            let (sender, seen) = full()?;
            again(cut, async || sender.reserve().await).await?.send(b'b');
            drop(sender);
            Ok(seen.await?)
        }),
    ]
}

/// A full channel: `a` is in it, and a rival queues 1 ms later, with `c`.
fn full() -> anyhow::Result<(mpsc::Sender<u8>, JoinHandle<Vec<u8>>)> {
    let (sender, mut receiver) = mpsc::channel(1);
    sender.try_send(b'a')?;
    let rival = sender.clone();
    tokio::spawn(async move {
        sleep(MS).await;
        rival.send(b'c').await
    });
    let seen = tokio::spawn(async move {
        sleep(2 * MS).await;
        let mut seen = Vec::new();
        while let Some(letter) = receiver.recv().await {
            seen.push(letter);
        }
        seen
    });
    Ok((sender, seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn send_loses_the_message_and_reserve_the_place() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["mpsc::Sender::send", "data lost", "loses its message"],
            ["mpsc::Sender::reserve", "place lost", "loses its place"],
        ];
        assert_eq!(rows, expected);
    }
}
