//! Deep dive 11.6 — A dropped read of a line keeps the half line in a `Vec` or `Lines`, not in a `String`.

#[path = "harness.rs"]
mod harness;
#[path = "world.rs"]
mod world;

use harness::{Row, again, print, row};
use tokio::io::{AsyncBufReadExt, BufReader, DuplexStream};

pub fn main() -> anyhow::Result<()> {
    print("reading lines", table())
}

fn table() -> [Row; 5] {
    [
        row("AsyncBufReadExt::fill_buf", "cancel safe", async |cut| {
            let (mut reader, mut seen) = (two_lines(), Vec::new());
            while let Some(byte) = again(cut, async || reader.fill_buf().await.map(first)).await? {
                seen.push(byte);
                reader.consume(1);
            }
            Ok(seen)
        }),
        row("AsyncBufReadExt::read_until", "goes on", async |cut| {
            let (mut reader, mut seen) = (two_lines(), Vec::new());
            while again(cut, async || reader.read_until(b'\n', &mut seen).await).await? > 0 {}
            Ok(seen)
        }),
        row("AsyncBufReadExt::read_line", "not cancel safe", async |cut| {
            let (mut reader, mut seen) = (two_lines(), String::new());
            while again(cut, async || reader.read_line(&mut seen).await).await? > 0 {}
            Ok(seen.into_bytes())
        }),
        row("Lines::next_line", "cancel safe", async |cut| {
            let (mut lines, mut seen) = (two_lines().lines(), Vec::new());
            while let Some(line) = again(cut, async || lines.next_line().await).await? {
                seen.extend_from_slice(line.as_bytes());
            }
            Ok(seen)
        }),
        row("Split::next_segment", "silent", async |cut| {
            let (mut parts, mut seen) = (two_lines().split(b'\n'), Vec::new());
            while let Some(mut part) = again(cut, async || parts.next_segment().await).await? {
                seen.append(&mut part);
            }
            Ok(seen)
        }),
    ]
}

fn first(bytes: &[u8]) -> Option<u8> {
    bytes.first().copied()
}

/// In pieces that end in the middle of a line.
fn two_lines() -> BufReader<DuplexStream> {
    BufReader::new(world::sends(["ab", "c\nef", "g\n"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_line_alone_loses_half_a_line() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["AsyncBufReadExt::fill_buf", "nothing", "cancel safe"],
            ["AsyncBufReadExt::read_until", "nothing", "goes on"],
            ["AsyncBufReadExt::read_line", "data lost", "not cancel safe"],
            ["Lines::next_line", "nothing", "cancel safe"],
            ["Split::next_segment", "nothing", "silent"],
        ];
        assert_eq!(rows, expected);
    }
}
