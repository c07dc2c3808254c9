//! Deep dive 11.6 — Cancel safe means: drop it before any poll, start it again, and nothing is lost.
//!
//! To take to work: `cargo run -- copy assert_cancel_safe`.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::io::{self, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Duration, sleep};

/// The clock is paused, so that each piece comes in a poll of its own.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() -> io::Result<()> {
    for poll in 1..=3 {
        let (mut reader, mut buffer) = (in_pieces(), Vec::new());
        drop_before(poll, read_frame(&mut reader, &mut buffer)).await;
        let frame = read_frame(&mut reader, &mut buffer).await?;

        let (mut reader, mut exact) = (in_pieces(), [0; 4]);
        drop_before(poll, reader.read_exact(&mut exact)).await;
        reader.read_exact(&mut exact).await?;
        println!("before poll {poll}: read_frame {frame}, read_exact {}", exact.escape_ascii());
    }
    Ok(())
}

/// Four bytes, collected in a buffer that outlives a drop.
async fn read_frame(reader: &mut DuplexStream, buffer: &mut Vec<u8>) -> io::Result<String> {
    while buffer.len() < 4 {
        if reader.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(buffer.drain(..4).map(char::from).collect())
}

/// The drop finds it woken and not yet polled.
async fn drop_before(poll: usize, future: impl Future) {
    let (mut future, mut polls) = (pin!(future), 1..poll);
    poll_fn(|cx| match polls.next() {
        Some(_) => future.as_mut().poll(cx).map(drop),
        None => Poll::Ready(()),
    })
    .await;
}

fn in_pieces() -> DuplexStream {
    let (mut writer, reader) = duplex(64);
    tokio::spawn(async move {
        for piece in ["abc", "defgh"] {
            sleep(Duration::from_millis(1)).await;
            // The reader may have enough and be gone.
            let _ = writer.write_all(piece.as_bytes()).await;
        }
    });
    reader
}

#[cfg(test)]
mod tests {
    use super::*;
    use utils::probe::{DropLog, Polls};

    #[tokio::test(start_paused = true)]
    async fn read_exact_loses_what_poll_2_has_read_and_read_frame_loses_nothing() {
        for (poll, exact) in [(1, "abcd"), (2, "abcd"), (3, "defg"), (4, "efgh")] {
            let (mut reader, mut buffer) = (in_pieces(), Vec::new());
            drop_before(poll, read_frame(&mut reader, &mut buffer)).await;
            let frame = read_frame(&mut reader, &mut buffer).await.unwrap();
            // At its third poll it is ready, and its frame is out.
            assert_eq!(frame, if poll == 4 { "efgh" } else { "abcd" });

            let (mut reader, mut frame) = (in_pieces(), [0; 4]);
            drop_before(poll, reader.read_exact(&mut frame)).await;
            reader.read_exact(&mut frame).await.unwrap();
            assert_eq!(frame, exact.as_bytes(), "{poll}");
        }
    }

    #[tokio::test]
    async fn the_drop_comes_after_the_polls_before_it() {
        for poll in 1..=3 {
            let (polls, log) = (Polls::new(), DropLog::new());
            let guard = log.guard("dropped");
            let endless = async {
                let _guard = guard;
                loop {
                    tokio::task::yield_now().await;
                }
            };
            drop_before(poll, polls.of(endless)).await;
            assert_eq!((polls.count(), log.entries()), (poll - 1, vec!["dropped"]));
        }
    }
}
