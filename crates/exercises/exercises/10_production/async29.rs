//! Guide 10.3 — What a dropped future has read is lost, if only the future knew it.
//!
//! `read_exact` keeps the bytes that it has in its own future. A branch of `select!` that loses
//! drops them. Keep the bytes outside of what is dropped, or do not drop the future.
//!
//! Fails first: the test `no_byte_is_lost_by_a_tick` fails.

use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::interval;

/// Reads a number of four bytes. Counts the seconds it took.
async fn read_number(mut input: impl AsyncRead + Unpin) -> io::Result<(u32, u32)> {
    let mut tick = interval(Duration::from_secs(1));
    tick.tick().await;
    let mut seconds = 0;
    loop {
        let mut number = [0; 4];
        tokio::select! {
            // TODO: A tick between the second and the third byte drops the first two.
            read = input.read_exact(&mut number) => {
                read?;
                return Ok((u32::from_be_bytes(number), seconds));
            }
            _ = tick.tick() => seconds += 1,
        }
    }
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
