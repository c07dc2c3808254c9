//! Deep dive 11.6 — A dropped write that you repeat sends bytes twice, if only the future counted them.

#[path = "harness.rs"]
mod harness;
#[path = "world.rs"]
mod world;

use harness::{Row, again, print, row};
use tokio::io::AsyncWriteExt;
use world::takes;

pub fn main() -> anyhow::Result<()> {
    print("writing", table())
}

fn table() -> [Row; 5] {
    [
        row("AsyncWriteExt::write", "cancel safe", async |cut| {
            let ((mut writer, seen), mut rest) = (takes(), &b"abcdefgh"[..]);
            while !rest.is_empty() {
                rest = &rest[again(cut, async || writer.write(rest).await).await?..];
            }
            drop(writer);
            Ok(seen.await?)
        }),
        row("AsyncWriteExt::write_buf", "cancel safe", async |cut| {
            let ((mut writer, seen), mut rest) = (takes(), &b"abcdefgh"[..]);
            while again(cut, async || writer.write_buf(&mut rest).await).await? > 0 {}
            drop(writer);
            Ok(seen.await?)
        }),
        row("AsyncWriteExt::write_all", "not cancel safe", async |cut| {
            let (mut writer, seen) = takes();
            again(cut, async || writer.write_all(b"abcdefgh").await).await?;
            drop(writer);
            Ok(seen.await?)
        }),
        row("AsyncWriteExt::write_all_buf", "goes on", async |cut| {
            let ((mut writer, seen), mut rest) = (takes(), &b"abcdefgh"[..]);
            again(cut, async || writer.write_all_buf(&mut rest).await).await?;
            drop(writer);
            Ok(seen.await?)
        }),
        row("AsyncWriteExt::write_u64", "silent", async |cut| {
            let (mut writer, seen) = takes();
            again(cut, async || writer.write_u64(u64::from_be_bytes(*b"abcdefgh")).await).await?;
            drop(writer);
            Ok(seen.await?)
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves D-18-8.
    #[test]
    fn write_all_and_integers_send_what_was_written_twice() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["AsyncWriteExt::write", "nothing", "cancel safe"],
            ["AsyncWriteExt::write_buf", "nothing", "cancel safe"],
            ["AsyncWriteExt::write_all", "data twice", "not cancel safe"],
            ["AsyncWriteExt::write_all_buf", "nothing", "goes on"],
            ["AsyncWriteExt::write_u64", "data twice", "silent"],
        ];
        assert_eq!(rows, expected);
    }
}
