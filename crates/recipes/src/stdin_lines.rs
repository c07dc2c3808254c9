//! Read the lines that somebody types, and still end when the program ends.
//!
//! `tokio::io::stdin` reads on the blocking pool, and at its end the runtime waits for that read: the
//! program hangs until somebody presses Enter. A `select!` or a timeout does not stop the read either,
//! and what it reads later is lost. Here a thread reads, for which nobody waits, one line ahead. A line
//! that comes when nobody asks is there for the next call.
//!
//! For a file, a pipe that ends, or a connection, take `read_lines`.
//!
//! ```
//! # use recipes::stdin_lines::Lines;
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> std::io::Result<()> {
//! # let typed = std::io::Cursor::new("open\nquit\n");
//! let mut lines = Lines::of(typed, 1024)?; // At a terminal: `Lines::of_stdin(1024)?`.
//! while let Some(line) = lines.next_line().await? {
//!     if line == "quit" {
//!         break;
//!     }
//!     assert_eq!(line, "open");
//! }
//! # Ok(()) }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, stdin};
use std::thread::Builder;
use tokio::sync::mpsc;

/// Lines from a thread of their own.
///
/// Dropped, it leaves the thread, which ends with the next line or with the process. So have one, for
/// the whole program.
#[derive(Debug)]
pub struct Lines {
    lines: mpsc::Receiver<Result<String>>,
}

impl Lines {
    /// Starts to read stdin, lines of at most `max_bytes` bytes. Fails if no thread can be started.
    pub fn of_stdin(max_bytes: usize) -> Result<Self> {
        Self::of(BufReader::new(stdin()), max_bytes)
    }

    /// Starts to read `input`, lines of at most `max_bytes` bytes. Fails if no thread can be started.
    pub fn of(mut input: impl BufRead + Send + 'static, max_bytes: usize) -> Result<Self> {
        let (sender, lines) = mpsc::channel(1);
        let read = move || {
            while let Some(line) = read_line(&mut input, max_bytes).transpose() {
                let failed = line.is_err();
                // An error of `send`: nobody wants lines any more.
                if sender.blocking_send(line).is_err() || failed {
                    break;
                }
            }
        };
        Builder::new().name("lines".to_string()).spawn(read)?;
        Ok(Self { lines })
    }

    /// Returns the next line without its line ending, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Of the kind [`ErrorKind::InvalidData`] if the line is longer than allowed or no UTF-8, or the
    /// error of the input. All further calls return `None`.
    ///
    /// # Cancel safety
    ///
    /// If dropped, it loses nothing: the line is there for the next call.
    pub async fn next_line(&mut self) -> Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}

fn read_line(input: &mut impl BufRead, max_bytes: usize) -> Result<Option<String>> {
    let mut line = Vec::new();
    // One more, for the newline.
    let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
    if input.take(limit).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let invalid = |why: String| Error::new(ErrorKind::InvalidData, why);
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    } else if line.len() > max_bytes {
        return Err(invalid(format!("a line is longer than {max_bytes} bytes")));
    }
    let text = String::from_utf8(line).map_err(|_| invalid("a line is not UTF-8".to_string()))?;
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::io::Cursor;
    use std::pin::pin;
    use std::task::{Context, Waker};

    /// All lines, up to the end or the first error.
    async fn all(input: &'static [u8], max_bytes: usize) -> (Vec<String>, Option<String>) {
        let (mut lines, mut all) = (Lines::of(Cursor::new(input), max_bytes).unwrap(), Vec::new());
        loop {
            match lines.next_line().await {
                Ok(Some(line)) => all.push(line),
                Ok(None) => return (all, None),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::InvalidData);
                    assert_eq!(lines.next_line().await.unwrap(), None);
                    return (all, Some(error.to_string()));
                }
            }
        }
    }

    #[tokio::test]
    async fn lines_come_without_their_endings_and_the_last_one_needs_none() {
        let lines = ["one", "", "two\r", "three"].map(String::from).to_vec();
        assert_eq!(all(b"one\n\r\ntwo\r\r\nthree", 100).await, (lines, None));
        assert_eq!(all(b"", 100).await, (vec![], None));
        assert_eq!(all(b"one\n", usize::MAX).await, (vec!["one".to_string()], None));
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_an_error_and_the_end() {
        let too_long = Some("a line is longer than 3 bytes".to_string());
        assert_eq!(all(b"one\nfour\ntwo\n", 3).await, (vec!["one".to_string()], too_long.clone()));
        assert_eq!(all(b"four", 3).await, (vec![], too_long));
        assert_eq!(all(b"\n", 0).await, (vec![String::new()], None));
    }

    #[tokio::test]
    async fn what_is_no_utf_8_is_an_error() {
        let error = Some("a line is not UTF-8".to_string());
        assert_eq!(all(b"one\n\xff\n", 100).await, (vec!["one".to_string()], error));
    }

    /// Input that comes when the test sends it, as somebody types.
    struct Typed(std::sync::mpsc::Receiver<&'static str>, Cursor<&'static str>);

    impl Read for Typed {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
            let count = self.1.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let Ok(text) = self.0.recv() else { return Ok(0) };
            self.1 = Cursor::new(text);
            self.1.read(buffer)
        }
    }

    #[tokio::test]
    async fn a_line_that_comes_after_the_call_was_dropped_is_there_for_the_next_one() {
        let (keys, typed) = std::sync::mpsc::channel();
        let typed = BufReader::new(Typed(typed, Cursor::new("")));
        let mut lines = Lines::of(typed, 100).unwrap();
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pin!(lines.next_line()).poll(&mut cx).is_pending());
        keys.send("late\n").unwrap();
        assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("late"));
    }

    /// The runtime ends, the process could: only the thread waits for a line.
    #[test]
    fn no_runtime_waits_for_a_line_that_nobody_types() {
        let (keys, typed) = std::sync::mpsc::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let typed = BufReader::new(Typed(typed, Cursor::new("")));
            let mut lines = Lines::of(typed, 100).unwrap();
            let mut cx = Context::from_waker(Waker::noop());
            assert!(pin!(lines.next_line()).poll(&mut cx).is_pending());
        });
        drop(runtime);
        drop(keys);
    }
}
