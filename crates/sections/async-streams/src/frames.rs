//! Guide 10.2 — A `read` knows nothing of the writes at the other end: a codec finds the messages.

use futures::{SinkExt, TryStreamExt};
use std::io::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio_util::bytes::Bytes;
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

#[tokio::main]
pub async fn main() -> Result<()> {
    println!("by read: {:?}\nby length: {:?}", by_read().await?, by_length().await?);
    Ok(())
}

/// Bad: TCP is one stream of bytes. What one `read` returns may end, or begin, within a message.
async fn by_read() -> Result<Vec<String>> {
    let (mut writer, mut reader) = duplex(64);
    for message in ["hello", "world"] {
        writer.write_all(message.as_bytes()).await?;
    }
    drop(writer);
    let (mut messages, mut buffer) = (Vec::new(), [0; 8]);
    while let count @ 1.. = reader.read(&mut buffer).await? {
        messages.push(String::from_utf8_lossy(&buffer[..count]).into_owned());
    }
    Ok(messages)
}

/// Good: each message begins with its length. The limit is what a peer can make this keep.
async fn by_length() -> Result<Vec<String>> {
    let (writer, reader) = duplex(64);
    let codec = LengthDelimitedCodec::builder().max_frame_length(1024).new_codec();
    let mut writer = FramedWrite::new(writer, codec.clone());
    for message in ["hello", "world"] {
        writer.send(Bytes::from(message)).await?;
    }
    drop(writer);
    let messages = FramedRead::new(reader, codec).map_ok(|it| String::from_utf8_lossy(&it).into());
    messages.try_collect().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;
    use std::io::ErrorKind;

    fn codec(longest: usize) -> LengthDelimitedCodec {
        LengthDelimitedCodec::builder().max_frame_length(longest).new_codec()
    }

    #[tokio::test]
    async fn a_read_returns_a_message_and_the_beginning_of_the_next_one() {
        assert_eq!(by_read().await.unwrap(), ["hellowor", "ld"]);
        assert_eq!(by_length().await.unwrap(), ["hello", "world"]);
    }

    /// However the bytes come: here one at a time.
    #[tokio::test]
    async fn a_message_that_comes_in_pieces_is_one_message() {
        let (mut writer, reader) = duplex(1);
        let write = async {
            writer.write_all(b"\0\0\0\x05hello\0\0\0\0").await.unwrap();
            drop(writer);
        };
        let messages = FramedRead::new(reader, codec(5)).try_collect::<Vec<_>>();
        let (messages, ()) = tokio::join!(messages, write);
        assert_eq!(messages.unwrap(), [&b"hello"[..], b""]);
    }

    #[tokio::test]
    async fn a_message_that_is_too_long_is_an_error_at_both_ends() {
        let (writer, reader) = duplex(64);
        let mut writer = FramedWrite::new(writer, codec(5));
        let error = writer.send(Bytes::from_static(b"hello!")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let mut writer = FramedWrite::new(writer.into_inner(), codec(6));
        writer.send(Bytes::from_static(b"hello!")).await.unwrap();
        let error = FramedRead::new(reader, codec(5)).next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
    }

    /// A connection that breaks off is told from one that ends.
    #[tokio::test]
    async fn an_end_within_a_message_is_an_error() {
        let (mut writer, reader) = duplex(64);
        writer.write_all(b"\0\0\0\x05hel").await.unwrap();
        drop(writer);
        FramedRead::new(reader, codec(5)).next().await.unwrap().unwrap_err();
    }
}
