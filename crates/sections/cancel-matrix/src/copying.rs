//! Deep dive 11.6 — A dropped copy loses what it has read and not yet written, unless its reader keeps it.

#[path = "harness.rs"]
mod harness;
#[path = "world.rs"]
mod world;

use harness::{Row, again, print, row};
use tokio::io::{self, AsyncWriteExt, BufReader, BufWriter, DuplexStream, duplex};
use world::takes;

pub fn main() -> anyhow::Result<()> {
    print("buffers and copies", table())
}

fn table() -> [Row; 5] {
    [
        row("AsyncWriteExt::flush", "cancel safe", async |cut| {
            let (to, seen) = takes();
            let mut writer = BufWriter::new(to);
            writer.write_all(b"abcdefgh").await?;
            again(cut, async || writer.flush().await).await?;
            drop(writer);
            Ok(seen.await?)
        }),
        row("AsyncWriteExt::shutdown", "silent", async |cut| {
            let (to, seen) = takes();
            let mut writer = BufWriter::new(to);
            writer.write_all(b"abcdefgh").await?;
            again(cut, async || writer.shutdown().await).await?;
            Ok(seen.await?)
        }),
        row("io::copy", "silent", async |cut| {
            let (mut from, (mut to, seen)) = (source().await?, takes());
            again(cut, async || io::copy(&mut from, &mut to).await).await?;
            drop(to);
            Ok(seen.await?)
        }),
        row("io::copy_buf", "silent", async |cut| {
            let (mut from, (mut to, seen)) = (BufReader::new(source().await?), takes());
            again(cut, async || io::copy_buf(&mut from, &mut to).await).await?;
            drop(to);
            Ok(seen.await?)
        }),
        row("io::copy_bidirectional", "silent", async |cut| {
            let (mut from, (mut to, seen)) = (source().await?, takes());
            again(cut, async || io::copy_bidirectional(&mut from, &mut to).await).await?;
            drop(to);
            Ok(seen.await?)
        }),
    ]
}

/// All bytes are there at once.
async fn source() -> io::Result<DuplexStream> {
    let (mut writer, reader) = duplex(64);
    writer.write_all(b"abcdefgh").await?;
    Ok(reader)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves D-18-8.
    #[test]
    fn a_copy_loses_its_own_buffer_and_a_buffered_one_keeps_it() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["AsyncWriteExt::flush", "nothing", "cancel safe"],
            ["AsyncWriteExt::shutdown", "nothing", "silent"],
            ["io::copy", "data lost", "silent"],
            ["io::copy_buf", "nothing", "silent"],
            ["io::copy_bidirectional", "data lost", "silent"],
        ];
        assert_eq!(rows, expected);
    }
}
