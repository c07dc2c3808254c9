//! Deep dive 11.6 — `next` only borrows its stream; `collect` owns what it has collected, and loses it.

#[path = "harness.rs"]
mod harness;

use futures::channel::mpsc;
use futures::stream::{FuturesUnordered, StreamExt};
use harness::{MS, Row, again, print, row};
use tokio::time::sleep;

pub fn main() -> anyhow::Result<()> {
    print("streams", table())
}

fn table() -> [Row; 4] {
    [
        row("tokio_stream::StreamExt::next", "cancel safe", async |cut| {
            let (mut stream, mut seen) = (letters(), Vec::new());
            let mut next = async || tokio_stream::StreamExt::next(&mut stream).await;
            while let Some(letter) = again(cut, &mut next).await {
                seen.push(letter);
            }
            Ok(seen)
        }),
        row("futures::StreamExt::next", "cancel safe", async |cut| {
            let (mut stream, mut seen) = (letters(), Vec::new());
            while let Some(letter) = again(cut, async || stream.next().await).await {
                seen.push(letter);
            }
            Ok(seen)
        }),
        row("futures::StreamExt::collect", "silent", async |cut| {
            let mut stream = letters();
            Ok(again(cut, async || (&mut stream).collect().await).await)
        }),
        row("FuturesUnordered: next", "cancel safe", async |cut| {
            let after = async |ms: u32| sleep(ms * MS).await;
            let (mut all, mut seen) = ((1..=3).map(after).collect::<FuturesUnordered<_>>(), vec![]);
            while let Some(()) = again(cut, async || all.next().await).await {
                seen.push(b'a');
            }
            Ok(seen)
        }),
    ]
}

/// One letter a millisecond.
fn letters() -> mpsc::UnboundedReceiver<u8> {
    let (sender, receiver) = mpsc::unbounded();
    tokio::spawn(async move {
        for letter in *b"abc" {
            sleep(MS).await;
            sender.unbounded_send(letter)?;
        }
        Ok::<_, mpsc::TrySendError<u8>>(())
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_loses_nothing_and_collect_what_it_had() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["tokio_stream::StreamExt::next", "nothing", "cancel safe"],
            ["futures::StreamExt::next", "nothing", "cancel safe"],
            ["futures::StreamExt::collect", "data lost", "silent"],
            ["FuturesUnordered: next", "nothing", "cancel safe"],
        ];
        assert_eq!(rows, expected);
    }
}
