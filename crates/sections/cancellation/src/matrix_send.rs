//! Deep dive 11.6 — A dropped `send` loses its message; a dropped `reserve` loses its place only.

use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Duration, Instant, sleep, timeout};

const ITEM: &str = "message";
const MS: Duration = Duration::from_millis(1);
/// The paused clock passes it when nothing else can happen.
const DAY: Duration = Duration::from_secs(86_400);

/// Polls until the drop; it passes zero once.
type Cut = Cell<usize>;
type Seen = anyhow::Result<Vec<u8>>;
type Row = anyhow::Result<[String; 3]>;

pub fn main() -> anyhow::Result<()> {
    println!("{:<34}{:<14}documented", "sending", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
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
    fn send_loses_the_message_and_reserve_the_place() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["mpsc::Sender::send", "message lost", "loses its message"],
            ["mpsc::Sender::reserve", "place lost", "loses its place"],
        ];
        assert_eq!(rows, expected);
    }
}
