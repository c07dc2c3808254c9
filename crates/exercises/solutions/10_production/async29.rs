//! Deep dive 11.6 — A `read_exact` that is dropped loses the bytes that it has read.

use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::interval;

/// Reads a number of four bytes, and counts the seconds until it is complete.
async fn read_number(mut input: impl AsyncRead + Unpin) -> io::Result<(u32, u32)> {
    let mut tick = interval(Duration::from_secs(1));
    tick.tick().await;
    let mut seconds = 0;
    // The read is pinned outside of the loop: a tick drops a borrow of it, not the read.
    let mut number = [0; 4];
    let mut reading = std::pin::pin!(input.read_exact(&mut number));
    loop {
        tokio::select! {
            read = &mut reading => {
                read?;
                break;
            }
            _ = tick.tick() => seconds += 1,
        }
    }
    Ok((u32::from_be_bytes(number), seconds))
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::io::AsyncWriteExt;
    use tokio::time::sleep;

    #[test]
    fn no_byte_is_lost_by_a_tick() {
        paused(async {
            let (mut sender, receiver) = tokio::io::duplex(8);
            tokio::spawn(async move {
                sender.write_all(&[1, 2]).await.unwrap();
                sleep(Duration::from_millis(2_500)).await;
                sender.write_all(&[3, 4]).await.unwrap();
            });
            assert_eq!(read_number(receiver).await.unwrap(), (0x01_02_03_04, 2));
        });
    }
}
