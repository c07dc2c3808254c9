//! Wrong: keeps the buffer, but begins at its start again.

use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::interval;

async fn read_number(mut input: impl AsyncRead + Unpin) -> io::Result<(u32, u32)> {
    let mut tick = interval(Duration::from_secs(1));
    tick.tick().await;
    let (mut seconds, mut number) = (0, [0; 4]);
    loop {
        tokio::select! {
            read = input.read_exact(&mut number) => {
                read?;
                return Ok((u32::from_be_bytes(number), seconds));
            }
            _ = tick.tick() => seconds += 1,
        }
    }
}
