//! Deep dive 11.6 — A `send` that waits for room in its sink loses the message when dropped.

use futures::channel::mpsc;
use futures::{SinkExt, StreamExt};
use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::io::{AsyncReadExt, DuplexStream, duplex};
use tokio::runtime::Builder;
use tokio::task::JoinHandle;
use tokio::time::{Duration, Instant, sleep, timeout};
use tokio_util::codec::{FramedWrite, LinesCodec};

const ITEM: &str = "message";
const MS: Duration = Duration::from_millis(1);
/// The paused clock passes it when nothing else can happen.
const DAY: Duration = Duration::from_secs(86_400);

/// Polls until the drop; it passes zero once.
type Cut = Cell<usize>;
type Seen = anyhow::Result<Vec<u8>>;
type Row = anyhow::Result<[String; 3]>;

pub fn main() -> anyhow::Result<()> {
    println!("{:<34}{:<14}documented", "sinks", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 3] {
    [
        row("futures mpsc::Sender: send", "silent", async |cut| {
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
        }),
        row("FramedWrite: send", "silent", async |cut| {
            let (mut sink, seen) = full().await?;
            let mut line = Some("b");
            again(cut, async || Some(sink.send(line.take()?).await)).await.transpose()?;
            SinkExt::<&str>::close(&mut sink).await?;
            Ok(seen.await?)
        }),
        row("FramedWrite: feed", "silent", async |cut| {
            let (mut sink, seen) = full().await?;
            let mut line = Some("b");
            again(cut, async || Some(sink.feed(line.take()?).await)).await.transpose()?;
            SinkExt::<&str>::close(&mut sink).await?;
            Ok(seen.await?)
        }),
    ]
}

/// A sink that holds one line and has no room for the next before some of it has been read.
async fn full() -> anyhow::Result<(FramedWrite<DuplexStream, LinesCodec>, JoinHandle<Vec<u8>>)> {
    let (writer, mut reader) = duplex(1);
    let mut sink = FramedWrite::new(writer, LinesCodec::new());
    sink.set_backpressure_boundary(1);
    sink.feed("a").await?;
    let seen = tokio::spawn(async move {
        let mut seen = Vec::new();
        while let Ok(1..) = reader.read_buf(&mut seen).await {
            sleep(MS).await;
        }
        seen
    });
    Ok((sink, seen))
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

    /// Proves D-18-8.
    #[test]
    fn a_send_that_waits_for_room_loses_its_message() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["futures mpsc::Sender: send", "message lost", "silent"],
            ["FramedWrite: send", "message lost", "silent"],
            ["FramedWrite: feed", "message lost", "silent"],
        ];
        assert_eq!(rows, expected);
    }
}
