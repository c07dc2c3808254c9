//! The other ends: of a pipe, one that sends in pieces and one that takes little at a time; of a
//! channel, one that sends messages.

#![allow(dead_code, reason = "a table needs one of the three")]

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::{Duration, sleep};

const MS: Duration = Duration::from_millis(1);

/// Sends a piece a millisecond.
pub fn sends(pieces: [&'static str; 3]) -> DuplexStream {
    let (mut writer, reader) = duplex(64);
    tokio::spawn(async move {
        for piece in pieces {
            sleep(MS).await;
            // A reader that has gone needs no more.
            let _ = writer.write_all(piece.as_bytes()).await;
        }
    });
    reader
}

/// Sends three messages, and drops the sender after them. The receiver stays to the end.
pub fn each_ms<T>(mut send: impl FnMut(u8) -> T + Send + 'static) {
    tokio::spawn(async move {
        for letter in *b"abc" {
            sleep(MS).await;
            send(letter);
        }
    });
}

/// The pipe holds three bytes, and the other end takes two at a time. It returns all of them.
pub fn takes() -> (DuplexStream, JoinHandle<Vec<u8>>) {
    let (writer, mut reader) = duplex(3);
    let seen = tokio::spawn(async move {
        let (mut bytes, mut seen) = ([0; 2], Vec::new());
        while let Ok(count @ 1..) = reader.read(&mut bytes).await {
            seen.extend_from_slice(&bytes[..count]);
            sleep(MS).await;
        }
        seen
    });
    (writer, seen)
}
