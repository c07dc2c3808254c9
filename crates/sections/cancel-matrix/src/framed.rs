//! Deep dive 11.6 — A dropped read of a frame keeps the frame; a dropped write loses it.

#[path = "harness.rs"]
mod harness;

use futures::{SinkExt, StreamExt};
use harness::{MS, Row, again, print, row};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_util::codec::{FramedRead, FramedWrite, LinesCodec};

pub fn main() -> anyhow::Result<()> {
    print("frames", table())
}

fn table() -> [Row; 3] {
    [
        row("FramedRead: next", "cancel safe", async |cut| {
            let (mut writer, reader) = duplex(1);
            tokio::spawn(async move { writer.write_all(b"aa\nbb\ncc\n").await });
            let (mut lines, mut seen) = (FramedRead::new(reader, LinesCodec::new()), Vec::new());
            while let Some(line) = again(cut, async || lines.next().await).await {
                seen.extend(line?.into_bytes());
            }
            Ok(seen)
        }),
        row("FramedWrite: send", "silent", async |cut| {
            let (mut sink, seen) = full().await?;
            let mut line = Some("b");
            again(cut, async || Some(sink.send(line.take()?).await)).await.transpose()?;
            SinkExt::<&str>::close(&mut sink).await?;
            Ok(seen.await?)
        }),
        row("FramedWrite: feed", "silent", async |cut| {
            let (mut sink, seen) = full().await?;
            let mut line = Some("b");
            again(cut, async || Some(sink.feed(line.take()?).await)).await.transpose()?;
            SinkExt::<&str>::close(&mut sink).await?;
            Ok(seen.await?)
        }),
    ]
}

/// A sink that holds one line and has no room for the next before some of it has been read.
async fn full() -> anyhow::Result<(FramedWrite<DuplexStream, LinesCodec>, JoinHandle<Vec<u8>>)> {
    let (writer, mut reader) = duplex(1);
    let mut sink = FramedWrite::new(writer, LinesCodec::new());
    sink.set_backpressure_boundary(1);
    sink.feed("a").await?;
    let seen = tokio::spawn(async move {
        let mut seen = Vec::new();
        while let Ok(1..) = reader.read_buf(&mut seen).await {
            sleep(MS).await;
        }
        seen
    });
    Ok((sink, seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves D-18-8.
    #[test]
    fn a_frame_read_is_kept_and_one_written_is_lost() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["FramedRead: next", "nothing", "cancel safe"],
            ["FramedWrite: send", "data lost", "silent"],
            ["FramedWrite: feed", "data lost", "silent"],
        ];
        assert_eq!(rows, expected);
    }
}
