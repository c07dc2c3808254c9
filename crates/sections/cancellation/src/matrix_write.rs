//! Deep dive 11.6 — A dropped write, tried again, sends twice what only the future had counted.

use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
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
    println!("{:<34}{:<14}documented", "writing", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 5] {
    [
        row("AsyncWriteExt::write", "cancel safe", async |cut| {
            let ((mut writer, seen), mut rest) = (far_end(), &b"abcdefgh"[..]);
            while !rest.is_empty() {
                rest = &rest[again(cut, async || writer.write(rest).await).await?..];
            }
            drop(writer);
            Ok(seen.await?)
        }),
        row("AsyncWriteExt::write_buf", "cancel safe", async |cut| {
            let ((mut writer, seen), mut rest) = (far_end(), &b"abcdefgh"[..]);
            while again(cut, async || writer.write_buf(&mut rest).await).await? > 0 {}
            drop(writer);
            Ok(seen.await?)
        }),
        row("AsyncWriteExt::write_all", "not cancel safe", async |cut| {
            let (mut writer, seen) = far_end();
            again(cut, async || writer.write_all(b"abcdefgh").await).await?;
            drop(writer);
            Ok(seen.await?)
        }),
        row("AsyncWriteExt::write_all_buf", "goes on", async |cut| {
            let ((mut writer, seen), mut rest) = (far_end(), &b"abcdefgh"[..]);
            again(cut, async || writer.write_all_buf(&mut rest).await).await?;
            drop(writer);
            Ok(seen.await?)
        }),
        row("AsyncWriteExt::write_u64", "silent", async |cut| {
            let (mut writer, seen) = far_end();
            again(cut, async || writer.write_u64(u64::from_be_bytes(*b"abcdefgh")).await).await?;
            drop(writer);
            Ok(seen.await?)
        }),
    ]
}

/// The pipe holds three bytes, and the other end takes two at a time.
fn far_end() -> (DuplexStream, JoinHandle<Vec<u8>>) {
    let (writer, mut reader) = duplex(3);
    let seen = tokio::spawn(async move {
        let (mut bytes, mut seen) = ([0; 2], Vec::new());
        while let Ok(count @ 1..) = reader.read(&mut bytes).await {
            seen.extend_from_slice(&bytes[..count]);
            sleep(MS).await;
        }
        seen
    });
    (writer, seen)
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
    fn write_all_and_integers_send_what_was_written_twice() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["AsyncWriteExt::write", "nothing", "cancel safe"],
            ["AsyncWriteExt::write_buf", "nothing", "cancel safe"],
            ["AsyncWriteExt::write_all", "bytes twice", "not cancel safe"],
            ["AsyncWriteExt::write_all_buf", "nothing", "goes on"],
            ["AsyncWriteExt::write_u64", "bytes twice", "silent"],
        ];
        assert_eq!(rows, expected);
    }
}
