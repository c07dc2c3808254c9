//! Deep dive 11.6 — A read that is dropped loses what only the future knew: bytes, or how many they are.

use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
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
    println!("{:<34}{:<14}documented", "reading", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 6] {
    [
        row("AsyncReadExt::read", "cancel safe", async |cut| {
            let (mut reader, mut buffer, mut seen) = (pieces(), [0; 64], Vec::new());
            while let count @ 1.. = again(cut, async || reader.read(&mut buffer).await).await? {
                seen.extend_from_slice(&buffer[..count]);
            }
            Ok(seen)
        }),
        row("AsyncReadExt::read_buf", "cancel safe", async |cut| {
            let (mut reader, mut seen) = (pieces(), Vec::new());
            while again(cut, async || reader.read_buf(&mut seen).await).await? > 0 {}
            Ok(seen)
        }),
        row("AsyncReadExt::read_exact", "not cancel safe", async |cut| {
            let (mut reader, mut frame, mut seen) = (pieces(), [0; 4], Vec::new());
            while again(cut, async || reader.read_exact(&mut frame).await).await.is_ok() {
                seen.extend_from_slice(&frame);
            }
            Ok(seen)
        }),
        row("AsyncReadExt::read_u32", "not cancel safe", async |cut| {
            let (mut reader, mut seen) = (pieces(), Vec::new());
            while let Ok(number) = again(cut, async || reader.read_u32().await).await {
                seen.extend_from_slice(&number.to_be_bytes());
            }
            Ok(seen)
        }),
        row("AsyncReadExt::read_to_end", "not cancel safe", async |cut| {
            let (mut reader, mut seen) = (pieces(), Vec::new());
            again(cut, async || reader.read_to_end(&mut seen).await).await?;
            Ok(seen)
        }),
        row("AsyncReadExt::read_to_string", "not cancel safe", async |cut| {
            let (mut reader, mut seen) = (pieces(), String::new());
            again(cut, async || reader.read_to_string(&mut seen).await).await?;
            Ok(seen.into_bytes())
        }),
    ]
}

/// Two frames of four bytes, in pieces that end in the middle of them.
fn pieces() -> DuplexStream {
    let (mut writer, reader) = duplex(64);
    tokio::spawn(async move {
        for piece in ["ab", "cdef", "gh"] {
            sleep(MS).await;
            // A reader that has gone needs no more.
            let _ = writer.write_all(piece.as_bytes()).await;
        }
    });
    reader
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
    fn what_only_the_future_knew_is_lost_and_what_the_caller_holds_is_not() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["AsyncReadExt::read", "nothing", "cancel safe"],
            ["AsyncReadExt::read_buf", "nothing", "cancel safe"],
            ["AsyncReadExt::read_exact", "bytes lost", "not cancel safe"],
            ["AsyncReadExt::read_u32", "bytes lost", "not cancel safe"],
            ["AsyncReadExt::read_to_end", "nothing", "not cancel safe"],
            ["AsyncReadExt::read_to_string", "bytes lost", "not cancel safe"],
        ];
        assert_eq!(rows, expected);
    }
    /// `select!` calls it not cancel safe. The bytes stay with the caller; the count does not.
    /// Proves D-11-9.
    #[tokio::test(start_paused = true)]
    async fn a_second_read_to_end_goes_on_and_counts_its_own_bytes_only() {
        let (mut reader, mut seen) = (pieces(), Vec::new());
        let first = timeout(MS + MS / 2, reader.read_to_end(&mut seen)).await;
        assert!(first.is_err());
        assert_eq!(seen, b"ab");
        assert_eq!(reader.read_to_end(&mut seen).await.unwrap(), 6);
        assert_eq!(seen, b"abcdefgh");
    }
}
