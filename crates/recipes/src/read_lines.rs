//! Read lines from a connection, with a limit for their length and for the time each may take.
//!
//! `AsyncBufReadExt::lines` keeps all that comes before a newline, so a peer that never sends one
//! fills the memory, and one that sends a byte a minute holds the connection. Here a line that is too
//! long or too slow is an error, after which nothing more is read. A read that `select!` drops
//! loses nothing, as it would with `read_line`, and does not start the time again.
//!
//! `tokio_util`'s `FramedRead` and `LinesCodec` do the reading; this adds the time. It cannot tell a
//! last line without a newline from one whose connection broke off: such a line is returned whole.
//!
//! ```
//! # use recipes::read_lines::{LineReader, ReadLineError};
//! use std::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let input = &b"HELO me\r\nthis line is far too long\n"[..];
//! let mut lines = LineReader::new(input, 16, Duration::from_secs(30));
//! assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("HELO me"));
//! let error = lines.next_line().await.unwrap_err();
//! assert!(matches!(error, ReadLineError::TooLong { max_bytes: 16 }));
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use futures::StreamExt;
use std::io;
use std::time::Duration;
use tokio::io::AsyncRead;
use tokio::time::{Instant, timeout};
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};

/// Why there is no further line.
#[derive(Debug, thiserror::Error)]
pub enum ReadLineError {
    /// The line has more bytes than allowed.
    #[error("a line is longer than {max_bytes} bytes")]
    TooLong {
        /// The most that a line may have, without its newline.
        max_bytes: usize,
    },
    /// The newline has not come in time.
    #[error("a line was not complete within {limit:?}")]
    TooSlow {
        /// The time that a line may take.
        limit: Duration,
    },
    /// The line is not UTF-8, or the reader has failed.
    #[error("cannot read a line")]
    Io(#[from] io::Error),
}

/// Reads lines from anything that is [`AsyncRead`].
#[derive(Debug)]
pub struct LineReader<R> {
    lines: FramedRead<R, LinesCodec>,
    limit: Duration,
    /// When the caller began to wait for the line that is to come.
    since: Option<Instant>,
    failed: bool,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// Reads lines of at most `max_bytes` bytes, a carriage return included and the newline not.
    ///
    /// A line may take `limit`, from the moment when it is first asked for until it is complete.
    /// Memory: at most `max_bytes` and a few KiB, whatever the peer sends.
    pub fn new(reader: R, max_bytes: usize, limit: Duration) -> Self {
        let lines = FramedRead::new(reader, LinesCodec::new_with_max_length(max_bytes));
        Self { lines, limit, since: None, failed: false }
    }

    /// Returns the next line without its line ending, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// [`ReadLineError`]. The reader is of no more use then: all further calls return `None`.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped: what has been read stays, and the next call goes on with
    /// the same line and what is left of its time.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with time enabled, and if the reader panics.
    pub async fn next_line(&mut self) -> Result<Option<String>, ReadLineError> {
        if self.failed {
            return Ok(None);
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        let left = self.limit.saturating_sub(since.elapsed());
        let line = timeout(left, self.lines.next()).await;
        self.since = None;
        let result = match line {
            Ok(line) => line.transpose().map_err(|error| match error {
                LinesCodecError::MaxLineLengthExceeded => {
                    ReadLineError::TooLong { max_bytes: self.lines.decoder().max_length() }
                }
                LinesCodecError::Io(error) => ReadLineError::Io(error),
            }),
            Err(_) => Err(ReadLineError::TooSlow { limit: self.limit }),
        };
        self.failed = result.is_err();
        result
    }

    /// Returns the reader, without what has been read from it and not yet returned as a line.
    pub fn into_inner(self) -> R {
        self.lines.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use tokio::io::{AsyncWriteExt, duplex};
    use tokio::time::{advance, sleep};

    const SECOND: Duration = Duration::from_secs(1);

    async fn all(input: &[u8], max_bytes: usize) -> (Vec<String>, Option<ReadLineError>) {
        let mut lines = LineReader::new(input, max_bytes, SECOND);
        let mut read = Vec::new();
        loop {
            match lines.next_line().await {
                Ok(Some(line)) => read.push(line),
                Ok(None) => return (read, None),
                Err(error) => {
                    // `FramedRead` itself would go on after the first of these.
                    for _ in 0..2 {
                        assert!(matches!(lines.next_line().await, Ok(None)), "it has ended");
                    }
                    return (read, Some(error));
                }
            }
        }
    }

    #[tokio::test]
    async fn all_line_endings_and_a_last_line_without_one() {
        let (lines, error) = all(b"one\ntwo\r\n\nfour", 100).await;
        assert_eq!(lines, ["one", "two", "", "four"]);
        assert!(error.is_none());
        assert_eq!(all(b"", 100).await.0, [""; 0]);
    }

    #[tokio::test]
    async fn a_line_may_have_just_the_limit() {
        let (lines, error) = all(b"12345\n123456\nnever\n", 5).await;
        assert_eq!(lines, ["12345"]);
        assert!(matches!(error, Some(ReadLineError::TooLong { max_bytes: 5 })), "{error:?}");
        let (lines, error) = all(b"\nx\n", 0).await;
        assert_eq!(lines, [""]);
        assert!(matches!(error, Some(ReadLineError::TooLong { max_bytes: 0 })), "{error:?}");
    }

    #[tokio::test]
    async fn a_peer_that_never_sends_a_newline_fills_no_memory() {
        let mut lines = LineReader::new(tokio::io::repeat(b'x'), 1000, SECOND);
        let error = lines.next_line().await.expect_err("there is no newline");
        assert!(matches!(error, ReadLineError::TooLong { .. }), "{error:?}");
        assert!(lines.lines.read_buffer().capacity() <= 16 * 1024);
    }

    #[tokio::test]
    async fn what_is_not_utf_8_is_an_error() {
        let (lines, error) = all(b"good\n\xff\n", 100).await;
        assert_eq!(lines, ["good"]);
        let Some(ReadLineError::Io(error)) = error else { panic!("{error:?}") };
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[tokio::test(start_paused = true)]
    async fn a_drip_of_bytes_does_not_extend_the_time() {
        let (mut peer, connection) = duplex(64);
        tokio::spawn(async move {
            while peer.write_all(b".").await.is_ok() {
                sleep(SECOND / 4).await;
            }
        });
        let start = Instant::now();
        let mut lines = LineReader::new(connection, 100, 10 * SECOND);
        let error = lines.next_line().await.expect_err("there is no newline");
        assert!(matches!(error, ReadLineError::TooSlow { .. }), "{error:?}");
        assert_eq!(start.elapsed(), 10 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn each_line_has_its_own_time_and_the_caller_s_is_not_counted() {
        let (mut peer, connection) = duplex(64);
        let mut lines = LineReader::new(connection, 100, SECOND);
        for n in 0..3 {
            let (line, ()) = tokio::join!(lines.next_line(), async {
                sleep(SECOND * 9 / 10).await;
                peer.write_all(b"line\n").await.expect("there is room");
            });
            assert_eq!(line.expect("in time").as_deref(), Some("line"), "{n}");
            sleep(60 * SECOND).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_call_loses_no_byte_and_gives_no_new_time() {
        let (mut peer, connection) = duplex(64);
        let mut lines = LineReader::new(connection, 100, SECOND);
        for part in ["ha", "lf ", "way\nre"] {
            assert!(lines.next_line().now_or_never().is_none());
            peer.write_all(part.as_bytes()).await.expect("there is room");
        }
        assert_eq!(lines.next_line().await.expect("in time").as_deref(), Some("half way"));
        for _ in 0..3 {
            assert!(lines.next_line().now_or_never().is_none());
            advance(SECOND / 4).await;
        }
        let start = Instant::now();
        let error = lines.next_line().await.expect_err("too slow");
        assert!(matches!(error, ReadLineError::TooSlow { .. }), "{error:?}");
        assert_eq!(start.elapsed(), SECOND / 4);
    }
}
