//! Deep dive 11.6 — A dropped copy loses what it has read and not written, unless its reader keeps it.

use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::io::{self, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter, DuplexStream, duplex};
use tokio::runtime::Builder;
use tokio::task::JoinHandle;
use tokio::time::{Duration, Instant, sleep, timeout};

const ITEM: &str = "bytes";
const MS: Duration = Duration::from_millis(1);
/// The paused clock passes it when nothing else can happen.
const DAY: Duration = Duration::from_secs(86_400);

/// Polls until the drop; it passes zero once.
type Cut = Cell<usize>;
type Seen = anyhow::Result<Vec<u8>>;
type Row = anyhow::Result<[String; 3]>;

pub fn main() -> anyhow::Result<()> {
    println!("{:<34}{:<14}documented", "buffers and copies", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 5] {
    [
        row("AsyncWriteExt::flush", "cancel safe", async |cut| {
            let (_, to, seen) = ends().await?;
            let mut writer = BufWriter::new(to);
            writer.write_all(b"abcdefgh").await?;
            again(cut, async || writer.flush().await).await?;
            drop(writer);
            Ok(seen.await?)
        }),
        row("AsyncWriteExt::shutdown", "silent", async |cut| {
            let (_, to, seen) = ends().await?;
            let mut writer = BufWriter::new(to);
            writer.write_all(b"abcdefgh").await?;
            again(cut, async || writer.shutdown().await).await?;
            Ok(seen.await?)
        }),
        row("io::copy", "silent", async |cut| {
            let (mut from, mut to, seen) = ends().await?;
            again(cut, async || io::copy(&mut from, &mut to).await).await?;
            drop(to);
            Ok(seen.await?)
        }),
        row("io::copy_buf", "silent", async |cut| {
            let (from, mut to, seen) = ends().await?;
            let mut from = BufReader::new(from);
            again(cut, async || io::copy_buf(&mut from, &mut to).await).await?;
            drop(to);
            Ok(seen.await?)
        }),
        row("io::copy_bidirectional", "silent", async |cut| {
            let (mut from, mut to, seen) = ends().await?;
            again(cut, async || io::copy_bidirectional(&mut from, &mut to).await).await?;
            drop(to);
            Ok(seen.await?)
        }),
    ]
}

/// All bytes are there at once; the other end takes them two at a time.
async fn ends() -> io::Result<(DuplexStream, DuplexStream, JoinHandle<Vec<u8>>)> {
    let ((mut source, from), (to, mut sink)) = (duplex(64), duplex(3));
    source.write_all(b"abcdefgh").await?;
    let seen = tokio::spawn(async move {
        let (mut bytes, mut seen) = ([0; 2], Vec::new());
        while let Ok(count @ 1..) = sink.read(&mut bytes).await {
            seen.extend_from_slice(&bytes[..count]);
            sleep(MS).await;
        }
        seen
    });
    Ok((from, to, seen))
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
    fn a_copy_loses_its_own_buffer_and_a_buffered_one_keeps_it() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["AsyncWriteExt::flush", "nothing", "cancel safe"],
            ["AsyncWriteExt::shutdown", "nothing", "silent"],
            ["io::copy", "bytes lost", "silent"],
            ["io::copy_buf", "nothing", "silent"],
            ["io::copy_bidirectional", "bytes lost", "silent"],
        ];
        assert_eq!(rows, expected);
    }
}
