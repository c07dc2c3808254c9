//! Deep dive 11.6 — `next` only borrows its stream, and `collect` owns what it has collected.

use futures::channel::mpsc;
use futures::stream::{FuturesUnordered, StreamExt};
use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::io::{AsyncWriteExt, duplex};
use tokio::runtime::Builder;
use tokio::time::{Duration, Instant, sleep, timeout};
use tokio_util::codec::{FramedRead, LinesCodec};

const ITEM: &str = "message";
const MS: Duration = Duration::from_millis(1);
/// The paused clock passes it when nothing else can happen.
const DAY: Duration = Duration::from_secs(86_400);

/// Polls until the drop; it passes zero once.
type Cut = Cell<usize>;
type Seen = anyhow::Result<Vec<u8>>;
type Row = anyhow::Result<[String; 3]>;

pub fn main() -> anyhow::Result<()> {
    println!("{:<34}{:<14}documented", "streams", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 5] {
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
        row("FramedRead: next", "cancel safe", async |cut| {
            let (mut writer, reader) = duplex(1);
            tokio::spawn(async move { writer.write_all(b"aa\nbb\ncc\n").await });
            let (mut lines, mut seen) = (FramedRead::new(reader, LinesCodec::new()), Vec::new());
            while let Some(line) = again(cut, async || lines.next().await).await {
                seen.extend(line?.into_bytes());
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

/// The first difference that a drop makes, of all the polls before which it can fall.
fn row(name: &str, documented: &str, scenario: impl AsyncFn(&Cut) -> Seen) -> Row {
    let run = |cut: &Cut| {
        Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
            let start = Instant::now();
            let seen = timeout(DAY, scenario(cut)).await.unwrap_or(Ok(Vec::new()))?;
            anyhow::Ok((seen, start.elapsed()))
        })
    };
    let (whole, time) = run(&Cut::new(usize::MAX))?;
    for poll in 0.. {
        let cut = Cut::new(poll);
        let (seen, later) = run(&cut)?;
        let costs = match seen.len().cmp(&whole.len()) {
            _ if later == DAY => "never ends".to_string(),
            Less => format!("{ITEM} lost"),
            Greater => format!("{ITEM} twice"),
            Equal if seen != whole => "place lost".to_string(),
            Equal if later > time => "time lost".to_string(),
            Equal if cut.get() <= poll => "nothing".to_string(), // it ended without that poll
            Equal => continue,
        };
        return Ok([name.to_string(), costs, documented.to_string()]);
    }
    unreachable!("a run that ends has a last poll")
}

/// Runs `operation`. The drop finds it woken and not yet polled, and it starts anew.
async fn again<T>(cut: &Cut, mut operation: impl AsyncFnMut() -> T) -> T {
    loop {
        let mut attempt = pin!(operation());
        let finished = poll_fn(|cx| match cut.replace(cut.get().wrapping_sub(1)) {
            0 => Poll::Ready(None),
            _ => attempt.as_mut().poll(cx).map(Some),
        });
        if let Some(value) = finished.await {
            return value;
        }
    }
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
            ["futures::StreamExt::collect", "message lost", "silent"],
            ["FuturesUnordered: next", "nothing", "cancel safe"],
            ["FramedRead: next", "nothing", "cancel safe"],
        ];
        assert_eq!(rows, expected);
    }
}
