//! Deep dive 11.6 — A dropped `read_line` loses the start of its line; `next_line` keeps it.

use tokio::io::{self, AsyncBufReadExt, AsyncWriteExt, BufReader, duplex};
use tokio::time::{Duration, timeout};

#[tokio::main]
pub async fn main() -> io::Result<()> {
    let (lost, whole) = (with_read_line().await?, with_next_line().await?.unwrap_or_default());
    println!("read_line: {lost}, next_line: {whole}");
    Ok(())
}

/// Loses `hel`: until the line is complete, its text is in the future and nowhere else.
async fn with_read_line() -> io::Result<String> {
    let (mut writer, reader) = duplex(64);
    let mut reader = BufReader::new(reader);
    let mut line = String::new();

    writer.write_all(b"hel").await?;
    timeout(Duration::ZERO, reader.read_line(&mut line)).await.expect_err("no end of the line yet");
    writer.write_all(b"lo\n").await?;
    reader.read_line(&mut line).await?;
    line.truncate(line.trim_end().len());
    Ok(line)
}

/// Loses nothing: the unfinished line is in `lines`, which outlives the timeout.
///
/// `FramedRead` with `LinesCodec` keeps it too, and so does `read_until`, in the caller's buffer.
async fn with_next_line() -> io::Result<Option<String>> {
    let (mut writer, reader) = duplex(64);
    let mut lines = BufReader::new(reader).lines();

    writer.write_all(b"hel").await?;
    timeout(Duration::ZERO, lines.next_line()).await.expect_err("no end of the line yet");
    writer.write_all(b"lo\n").await?;
    lines.next_line().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{FutureExt, StreamExt};
    use tokio_util::codec::{FramedRead, LinesCodec};

    #[tokio::test]
    async fn a_dropped_read_line_loses_the_start_of_its_line() {
        assert_eq!(with_read_line().await.unwrap(), "lo");
    }

    #[tokio::test]
    async fn next_line_keeps_the_start_of_its_line() {
        assert_eq!(with_next_line().await.unwrap().unwrap(), "hello");
    }

    /// Not even what the caller had in the string before comes back.
    #[tokio::test]
    async fn a_dropped_read_line_empties_the_string() {
        let (mut writer, reader) = duplex(64);
        let mut line = "kept? ".to_string();
        writer.write_all(b"hel").await.unwrap();
        let mut reader = BufReader::new(reader);
        assert!(reader.read_line(&mut line).now_or_never().is_none());
        assert_eq!(line, "");
        assert_eq!(reader.buffer(), b"", "nor is it in the reader");
    }

    #[tokio::test]
    async fn read_until_keeps_the_start_of_its_line_and_counts_anew() {
        let (mut writer, reader) = duplex(64);
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        writer.write_all(b"hel").await.unwrap();
        assert!(reader.read_until(b'\n', &mut line).now_or_never().is_none());
        assert_eq!(line, b"hel");

        writer.write_all(b"lo\n").await.unwrap();
        assert_eq!(reader.read_until(b'\n', &mut line).await.unwrap(), 3);
        assert_eq!(line, b"hello\n");
    }

    #[tokio::test]
    async fn a_framed_reader_keeps_the_start_of_its_line() {
        let (mut writer, reader) = duplex(64);
        let mut lines = FramedRead::new(reader, LinesCodec::new());
        writer.write_all(b"hel").await.unwrap();
        assert!(lines.next().now_or_never().is_none());
        assert_eq!(lines.read_buffer(), "hel");

        writer.write_all(b"lo\n").await.unwrap();
        assert_eq!(lines.next().await.unwrap().unwrap(), "hello");
    }

    #[tokio::test]
    async fn next_line_survives_a_cancellation_at_every_byte() {
        let (mut writer, reader) = duplex(64);
        let mut lines = BufReader::new(reader).lines();
        let mut seen = Vec::new();
        for byte in "一行目\n二行目\n".bytes() {
            writer.write_all(&[byte]).await.unwrap();
            if let Some(line) = lines.next_line().now_or_never() {
                seen.extend(line.unwrap());
            }
        }
        assert_eq!(seen, ["一行目", "二行目"]);
    }
}
