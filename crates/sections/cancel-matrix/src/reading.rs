//! Deep dive 11.6 — A dropped read loses what only the future knew: the bytes, or their count.

#[path = "harness.rs"]
mod harness;
#[path = "world.rs"]
mod world;

use harness::{Row, again, print, row};
use tokio::io::{AsyncReadExt, DuplexStream};

pub fn main() -> anyhow::Result<()> {
    print("reading", table())
}

fn table() -> [Row; 6] {
    [
        row("AsyncReadExt::read", "cancel safe", async |cut| {
            let (mut reader, mut buffer, mut seen) = (frames(), [0; 64], Vec::new());
            while let count @ 1.. = again(cut, async || reader.read(&mut buffer).await).await? {
                seen.extend_from_slice(&buffer[..count]);
            }
            Ok(seen)
        }),
        row("AsyncReadExt::read_buf", "cancel safe", async |cut| {
            let (mut reader, mut seen) = (frames(), Vec::new());
            while again(cut, async || reader.read_buf(&mut seen).await).await? > 0 {}
            Ok(seen)
        }),
        row("AsyncReadExt::read_exact", "not cancel safe", async |cut| {
            let (mut reader, mut frame, mut seen) = (frames(), [0; 4], Vec::new());
            while again(cut, async || reader.read_exact(&mut frame).await).await.is_ok() {
                seen.extend_from_slice(&frame);
            }
            Ok(seen)
        }),
        row("AsyncReadExt::read_u32", "not cancel safe", async |cut| {
            let (mut reader, mut seen) = (frames(), Vec::new());
            while let Ok(number) = again(cut, async || reader.read_u32().await).await {
                seen.extend_from_slice(&number.to_be_bytes());
            }
            Ok(seen)
        }),
        row("AsyncReadExt::read_to_end", "not cancel safe", async |cut| {
            let (mut reader, mut seen) = (frames(), Vec::new());
            again(cut, async || reader.read_to_end(&mut seen).await).await?;
            Ok(seen)
        }),
        row("AsyncReadExt::read_to_string", "not cancel safe", async |cut| {
            let (mut reader, mut seen) = (frames(), String::new());
            again(cut, async || reader.read_to_string(&mut seen).await).await?;
            Ok(seen.into_bytes())
        }),
    ]
}

/// Two frames of four bytes, in pieces that end in the middle of them.
fn frames() -> DuplexStream {
    world::sends(["ab", "cdef", "gh"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Duration, timeout};

    #[test]
    fn what_only_the_future_knew_is_lost_and_what_the_caller_holds_is_not() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["AsyncReadExt::read", "nothing", "cancel safe"],
            ["AsyncReadExt::read_buf", "nothing", "cancel safe"],
            ["AsyncReadExt::read_exact", "data lost", "not cancel safe"],
            ["AsyncReadExt::read_u32", "data lost", "not cancel safe"],
            ["AsyncReadExt::read_to_end", "nothing", "not cancel safe"],
            ["AsyncReadExt::read_to_string", "data lost", "not cancel safe"],
        ];
        assert_eq!(rows, expected);
    }
    /// `select!` calls it not cancel safe. The bytes stay with the caller; the count does not.
    /// Proves D-11-9.
    #[tokio::test(start_paused = true)]
    async fn a_second_read_to_end_goes_on_and_counts_its_own_bytes_only() {
        let (mut reader, mut seen) = (frames(), Vec::new());
        let first = timeout(Duration::from_micros(1_500), reader.read_to_end(&mut seen)).await;
        assert!(first.is_err());
        assert_eq!(seen, b"ab");
        assert_eq!(reader.read_to_end(&mut seen).await.unwrap(), 6);
        assert_eq!(seen, b"abcdefgh");
    }
}
