//! Deep dive 11.6 — A dropped `write_all` does not say how much it wrote; `write_all_buf` does.

use std::future::ready;
use tokio::io::{self, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

const MESSAGE: &[u8] = b"abcdefgh";

#[tokio::main]
pub async fn main() -> io::Result<()> {
    let (twice, once) = (with_write_all().await?, with_write_all_buf().await?);
    println!("write_all: {twice}, write_all_buf: {once}");
    Ok(())
}

/// Sends `abcd` twice: the pipe takes four bytes, and the second attempt cannot know that.
async fn with_write_all() -> io::Result<String> {
    let (mut writer, reader) = duplex(4);
    tokio::select! {
        biased;
        _ = writer.write_all(MESSAGE) => unreachable!("the pipe takes half of it"),
        () = ready(()) => {} // any other branch of an event loop
    }
    finish(writer, MESSAGE, reader).await
}

/// Sends each byte once: every write moves the start of `rest`, which outlives the round.
async fn with_write_all_buf() -> io::Result<String> {
    let (mut writer, reader) = duplex(4);
    let mut rest = MESSAGE;
    tokio::select! {
        biased;
        _ = writer.write_all_buf(&mut rest) => unreachable!("the pipe takes half of it"),
        () = ready(()) => {}
    }
    finish(writer, rest, reader).await
}

/// Writes `rest` and closes the pipe, and returns all that has come out of it.
async fn finish(
    mut writer: DuplexStream,
    rest: &[u8],
    mut reader: DuplexStream,
) -> io::Result<String> {
    let mut received = String::new();
    tokio::try_join!(
        async {
            writer.write_all(rest).await?;
            writer.shutdown().await
        },
        reader.read_to_string(&mut received),
    )?;
    Ok(received)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn a_repeated_write_all_sends_the_written_part_twice() {
        assert_eq!(with_write_all().await.unwrap(), "abcdabcdefgh");
    }

    #[tokio::test]
    async fn a_continued_write_all_buf_sends_each_byte_once() {
        assert_eq!(with_write_all_buf().await.unwrap(), "abcdefgh");
    }

    /// The same call, dropped at the same point, wrote 1 to 7 bytes: the caller sees no difference.
    #[tokio::test]
    async fn how_much_a_dropped_write_all_wrote_shows_only_at_the_other_end() {
        for capacity in 1..MESSAGE.len() {
            let (mut writer, mut reader) = duplex(capacity);
            assert!(writer.write_all(MESSAGE).now_or_never().is_none());
            let mut received = [0; 64];
            let count = reader.read(&mut received).await.unwrap();
            assert_eq!(received[..count], MESSAGE[..capacity]);
        }
    }

    #[tokio::test]
    async fn how_much_a_dropped_write_all_buf_wrote_shows_in_its_buffer() {
        for capacity in 1..MESSAGE.len() {
            let (mut writer, _reader) = duplex(capacity);
            let mut rest = MESSAGE;
            assert!(writer.write_all_buf(&mut rest).now_or_never().is_none());
            assert_eq!(rest, &MESSAGE[capacity..]);
        }
    }

    /// The loop that `write_all_buf` is, by hand: a dropped `write` has written nothing.
    #[tokio::test]
    async fn a_write_that_is_dropped_has_written_nothing() {
        let (mut writer, mut reader) = duplex(4);
        let mut rest = MESSAGE;
        let mut received = Vec::new();
        let mut dropped = 0;
        while !rest.is_empty() {
            match writer.write(rest).now_or_never() {
                Some(count) => rest = &rest[count.unwrap()..],
                None => {
                    dropped += 1;
                    reader.read_buf(&mut received).await.unwrap();
                }
            }
        }
        reader.read_buf(&mut received).await.unwrap();
        assert_eq!(received, MESSAGE);
        assert_eq!(dropped, 1);
    }
}
