//! Deep dive 11.6 — A `read_exact` that is pinned outside the loop keeps its bytes when it loses a round.

use std::future::ready;
use std::pin::pin;
use tokio::io::{self, AsyncReadExt, AsyncWriteExt, duplex};

const FRAME: usize = 8;

#[tokio::main]
pub async fn main() -> io::Result<()> {
    let (frame, lost) = read_in_rounds().await?;
    println!("read_exact, kept: {} after {lost} lost rounds", frame.escape_ascii());
    Ok(())
}

/// Returns the frame and the number of rounds that the other branch won.
async fn read_in_rounds() -> io::Result<([u8; FRAME], u32)> {
    let (mut writer, mut reader) = duplex(64);
    let mut frame = [0; FRAME];
    let mut lost = 0;

    // One future for all rounds. `&mut read` below is what `select!` drops. While a handler awaits,
    // nobody polls it: what it has locked stays locked. See `cargo run -p cancellation -- futurelock`.
    let mut read = pin!(reader.read_exact(&mut frame));
    for piece in ["abc", "def", "ghijk"] {
        writer.write_all(piece.as_bytes()).await?;
        tokio::select! {
            biased;
            done = &mut read => {
                done?;
                // A finished future must not be polled again: this ends the loop.
                return Ok((frame, lost));
            }
            () = ready(()) => lost += 1, // any other branch of an event loop
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn a_kept_read_exact_loses_rounds_and_no_bytes() {
        assert_eq!(read_in_rounds().await.unwrap(), (*b"abcdefgh", 2));
    }

    /// It takes its eight bytes and no more: what follows stays in the pipe.
    #[tokio::test]
    async fn a_kept_read_exact_leaves_the_rest_in_the_pipe() {
        let (mut writer, mut reader) = duplex(64);
        let mut frame = [0; FRAME];
        {
            let mut read = pin!(reader.read_exact(&mut frame));
            writer.write_all(b"abc").await.unwrap();
            assert!((&mut read).now_or_never().is_none());
            writer.write_all(b"defghijk").await.unwrap();
            read.await.unwrap();
        }
        assert_eq!(frame, *b"abcdefgh");
        let mut rest = [0; 64];
        let count = reader.read(&mut rest).await.unwrap();
        assert_eq!(rest[..count], *b"ijk");
    }
}
