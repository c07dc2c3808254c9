//! Deep dive 11.6 — A dropped `read_exact` loses what it had read; a buffer kept outside does not.

use std::future::ready;
use tokio::io::{self, AsyncRead, AsyncReadExt, AsyncWriteExt, duplex};
use tokio_util::bytes::{Bytes, BytesMut};

const FRAME: usize = 8;

#[tokio::main]
pub async fn main() -> io::Result<()> {
    let (lost, whole) = (with_read_exact().await?, with_read_buf().await?);
    let (lost, whole) = (lost.escape_ascii(), whole.escape_ascii());
    println!("read_exact: {lost}, read_buf: {whole}");
    Ok(())
}

/// Loses `abc`. It has left the pipe, and how much of `frame` was filled only the future knew.
async fn with_read_exact() -> io::Result<[u8; FRAME]> {
    let (mut writer, mut reader) = duplex(64);
    let mut frame = [0; FRAME];

    writer.write_all(b"abc").await?;
    tokio::select! {
        biased;
        _ = reader.read_exact(&mut frame) => unreachable!("three bytes are no frame"),
        () = ready(()) => {} // any other branch of an event loop
    }
    writer.write_all(b"defghijk").await?;
    reader.read_exact(&mut frame).await?;
    Ok(frame)
}

/// Loses nothing: the bytes wait in `buffer` for the next call.
async fn with_read_buf() -> io::Result<Bytes> {
    let (mut writer, mut reader) = duplex(64);
    let mut buffer = BytesMut::new();

    writer.write_all(b"abc").await?;
    tokio::select! {
        biased;
        _ = read_frame(&mut reader, &mut buffer) => unreachable!("three bytes are no frame"),
        () = ready(()) => {}
    }
    writer.write_all(b"defghijk").await?;
    read_frame(&mut reader, &mut buffer).await
}

/// Cancel safe: its one await is `read_buf`, which has read nothing if it is dropped.
///
/// `buf` belongs to `reader`: what was read beyond this frame begins the next one.
async fn read_frame<R: AsyncRead + Unpin>(reader: &mut R, buf: &mut BytesMut) -> io::Result<Bytes> {
    while buf.len() < FRAME {
        if reader.read_buf(buf).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(buf.split_to(FRAME).freeze())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use utils::probe::DropLog;

    /// Proves D-11-10, D-18-8, D-19-6.
    #[tokio::test]
    async fn a_dropped_read_exact_loses_what_it_had_read() {
        assert_eq!(with_read_exact().await.unwrap(), *b"defghijk");
    }

    #[tokio::test]
    async fn a_kept_buffer_goes_on_where_it_was() {
        assert_eq!(with_read_buf().await.unwrap(), "abcdefgh");
    }

    /// The bytes are in the caller's array, but neither in the pipe nor counted anywhere.
    /// Proves D-11-10, D-19-6.
    #[tokio::test]
    async fn the_dropped_future_takes_only_the_count_with_it() {
        let (mut writer, mut reader) = duplex(64);
        let mut frame = [0; FRAME];
        writer.write_all(b"abc").await.unwrap();
        assert!(reader.read_exact(&mut frame).now_or_never().is_none());
        assert_eq!(frame, *b"abc\0\0\0\0\0");

        writer.write_all(b"defghijk").await.unwrap();
        let mut rest = [0; 64];
        let count = reader.read(&mut rest).await.unwrap();
        assert_eq!(rest[..count], *b"defghijk");
    }

    /// Cancelled after every single byte, it still loses none and ends with the pipe.
    #[tokio::test]
    async fn read_frame_survives_a_cancellation_at_every_byte() {
        let (mut writer, mut reader) = duplex(64);
        let mut buffer = BytesMut::new();
        let mut frames = Vec::new();
        for byte in b"abcdefghijklmnopqr" {
            writer.write_all(&[*byte]).await.unwrap();
            if let Some(frame) = read_frame(&mut reader, &mut buffer).now_or_never() {
                frames.push(frame.unwrap());
            }
        }
        assert_eq!(frames, ["abcdefgh", "ijklmnop"]);
        assert_eq!(buffer, "qr");

        drop(writer);
        let end = read_frame(&mut reader, &mut buffer).await.unwrap_err();
        assert_eq!(end.kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(buffer, "qr");
    }

    /// One `read_buf` may take more than a frame: the rest must stay with the reader.
    #[tokio::test]
    async fn two_frames_that_arrive_together_are_both_read() {
        let (mut writer, mut reader) = duplex(64);
        let mut buffer = BytesMut::new();
        writer.write_all(b"abcdefghijklmnop").await.unwrap();
        assert_eq!(read_frame(&mut reader, &mut buffer).await.unwrap(), "abcdefgh");
        assert_eq!(buffer, "ijklmnop");
        assert_eq!(read_frame(&mut reader, &mut buffer).await.unwrap(), "ijklmnop");
    }

    /// As 11.6 says of every future: all that lives in it goes with it.
    /// Proves D-11-9, D-19-6.
    #[tokio::test]
    async fn the_locals_of_a_dropped_future_are_dropped_with_it() {
        let log = DropLog::new();
        let work = async {
            let _state = log.guard("state dropped");
            std::future::pending::<()>().await;
            log.note("finished");
        };
        tokio::select! {
            biased;
            () = work => unreachable!("it is pending for ever"),
            () = ready(()) => log.note("other branch"),
        }
        assert_eq!(log.entries(), ["state dropped", "other branch"]);
    }
}
