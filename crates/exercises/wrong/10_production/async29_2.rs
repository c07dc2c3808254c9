//! Wrong: counts no seconds while it reads.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

async fn read_number(mut input: impl AsyncRead + Unpin) -> io::Result<(u32, u32)> {
    let mut number = [0; 4];
    input.read_exact(&mut number).await?;
    Ok((u32::from_be_bytes(number), 0))
}
