//! Deep dive 11.6 — Half a line survives a drop in a `Vec` or in `Lines`, and not in a `String`.

use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio::runtime::Builder;
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
    println!("{:<34}{:<14}documented", "reading lines", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 5] {
    [
        row("AsyncBufReadExt::fill_buf", "cancel safe", async |cut| {
            let (mut reader, mut seen) = (pieces(), Vec::new());
            while let Some(byte) = again(cut, async || reader.fill_buf().await.map(first)).await? {
                seen.push(byte);
                reader.consume(1);
            }
            Ok(seen)
        }),
        row("AsyncBufReadExt::read_until", "goes on", async |cut| {
            let (mut reader, mut seen) = (pieces(), Vec::new());
            while again(cut, async || reader.read_until(b'\n', &mut seen).await).await? > 0 {}
            Ok(seen)
        }),
        row("AsyncBufReadExt::read_line", "not cancel safe", async |cut| {
            let (mut reader, mut seen) = (pieces(), String::new());
            while again(cut, async || reader.read_line(&mut seen).await).await? > 0 {}
            Ok(seen.into_bytes())
        }),
        row("Lines::next_line", "cancel safe", async |cut| {
            let (mut lines, mut seen) = (pieces().lines(), Vec::new());
            while let Some(line) = again(cut, async || lines.next_line().await).await? {
                seen.extend_from_slice(line.as_bytes());
            }
            Ok(seen)
        }),
        row("Split::next_segment", "silent", async |cut| {
            let (mut parts, mut seen) = (pieces().split(b'\n'), Vec::new());
            while let Some(mut part) = again(cut, async || parts.next_segment().await).await? {
                seen.append(&mut part);
            }
            Ok(seen)
        }),
    ]
}

fn first(bytes: &[u8]) -> Option<u8> {
    bytes.first().copied()
}

/// Two lines, in pieces that end in the middle of them.
fn pieces() -> BufReader<DuplexStream> {
    let (mut writer, reader) = duplex(64);
    tokio::spawn(async move {
        for piece in ["ab", "c\nef", "g\n"] {
            sleep(MS).await;
            // A reader that has gone needs no more.
            let _ = writer.write_all(piece.as_bytes()).await;
        }
    });
    BufReader::new(reader)
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
    fn read_line_alone_loses_half_a_line() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["AsyncBufReadExt::fill_buf", "nothing", "cancel safe"],
            ["AsyncBufReadExt::read_until", "nothing", "goes on"],
            ["AsyncBufReadExt::read_line", "bytes lost", "not cancel safe"],
            ["Lines::next_line", "nothing", "cancel safe"],
            ["Split::next_segment", "nothing", "silent"],
        ];
        assert_eq!(rows, expected);
    }
}
