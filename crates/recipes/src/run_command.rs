//! Run another program with a limit for its time and its output, and leave no process behind.
//!
//! A dropped `Child` runs on, `wait` alone hangs as soon as the output fills its pipe, and `output()`
//! takes whatever comes. Here both outputs are read while the program runs. At a limit it is killed
//! and awaited, so that no zombie stays; so it is if the future is dropped, as by `select!`.
//!
//! It reads nothing: its input is empty. What it starts itself is not killed.
//!
//! ```
//! # use recipes::run_command::{Limits, run};
//! use std::time::Duration;
//! use tokio::process::Command;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let limits = Limits { time: Duration::from_secs(60), output: 1024 * 1024 };
//! let output = run(Command::new("echo").arg("hello"), limits).await.unwrap();
//! assert_eq!(output.stdout, b"hello\n");
//!
//! let error = run(Command::new("cat").arg("/no/such/file"), limits).await.unwrap_err();
//! assert!(error.to_string().starts_with("it ended with exit status: 1: cat: /no/such/file"));
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::io;
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::time::timeout;

/// The limits of a program.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long it may run.
    pub time: Duration,
    /// How many bytes it may print, on stdout and on stderr each.
    pub output: usize,
}

/// Why there is no output.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no such program, or it must not be run.
    #[error("it cannot be started: {0}")]
    NotStarted(io::Error),
    /// It did not end in time, and has been killed.
    #[error("it did not end within {0:?}")]
    TimedOut(Duration),
    /// It printed more than it may, and has been killed.
    #[error("it printed more than {0} bytes")]
    TooMuchOutput(usize),
    /// It has said itself that it failed, or was killed by a signal.
    #[error("it ended with {status}: {stderr}")]
    Failed {
        /// How it ended.
        status: ExitStatus,
        /// Its output on stderr, without the spaces around it.
        stderr: String,
    },
    /// Its output cannot be read, or it cannot be awaited.
    #[error("it has been lost: {0}")]
    Lost(io::Error),
}

/// Starts the program, reads what it prints, and waits for its end. Of `command` it sets the input
/// and both outputs, and that it is killed when the future is dropped.
///
/// # Errors
///
/// See [`RunError`]. A program that ends with anything but success is an error too.
///
/// # Panics
///
/// Outside a Tokio runtime with I/O and time enabled.
///
/// # Non-guarantees
///
/// Only the program itself is killed. If one that it has started keeps an output open, this waits
/// for that one as well, until the time is over. If the future is dropped, the process is killed at
/// once, and awaited by the runtime later.
pub async fn run(command: &mut Command, limits: Limits) -> Result<Output, RunError> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.kill_on_drop(true).spawn().map_err(RunError::NotStarted)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let whole = async {
        let wait = async { child.wait().await.map_err(RunError::Lost) };
        tokio::try_join!(read(stdout, limits.output), read(stderr, limits.output), wait)
    };
    let result = timeout(limits.time, whole).await;
    match result.unwrap_or(Err(RunError::TimedOut(limits.time))) {
        Ok((stdout, stderr, status)) if status.success() => Ok(Output { status, stdout, stderr }),
        Ok((_, stderr, status)) => {
            let stderr = String::from_utf8_lossy(&stderr).trim().to_string();
            Err(RunError::Failed { status, stderr })
        }
        Err(error) => {
            child.kill().await.map_err(RunError::Lost)?;
            Err(error)
        }
    }
}

async fn read<R>(pipe: Option<R>, limit: usize) -> Result<Vec<u8>, RunError>
where
    R: AsyncRead + Unpin,
{
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // One more, to tell what fits from what does not.
        let mut pipe = pipe.take((limit as u64).saturating_add(1));
        pipe.read_to_end(&mut bytes).await.map_err(RunError::Lost)?;
    }
    if bytes.len() > limit { Err(RunError::TooMuchOutput(limit)) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    #![cfg(unix)] // runs programs of Unix
    #![allow(clippy::mixed_attributes_style, reason = "`copy` knows the tests by these two lines")]

    use super::*;
    use std::fs;
    use std::path::{Path, PathBuf};

    const LIMITS: Limits = Limits { time: Duration::from_secs(60), output: 2 * MIB };
    const MIB: usize = 1024 * 1024;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn both_outputs_are_returned() {
        let output = run(&mut shell("echo out; echo err >&2"), LIMITS).await.unwrap();
        assert_eq!((&output.stdout[..], &output.stderr[..]), (&b"out\n"[..], &b"err\n"[..]));
    }

    #[tokio::test]
    async fn a_failure_is_an_error_with_its_stderr() {
        let error = run(&mut shell("echo why >&2; exit 3"), LIMITS).await.unwrap_err();
        assert_eq!(error.to_string(), "it ended with exit status: 3: why");
        let error = run(&mut shell("kill -9 $$"), LIMITS).await.unwrap_err();
        assert!(error.to_string().starts_with("it ended with signal: 9"), "{error}");
    }

    #[tokio::test]
    async fn what_is_not_there_is_not_started() {
        let error = run(&mut Command::new("/no/such/program"), LIMITS).await.unwrap_err();
        assert!(matches!(error, RunError::NotStarted(_)), "{error}");
    }

    /// With a reader for one of them only, it would stop at 64 KiB of the other.
    #[tokio::test]
    async fn more_than_a_pipe_holds_is_read_from_both() {
        let script = "head -c 1048576 /dev/zero >&2; head -c 1048576 /dev/zero";
        let output = run(&mut shell(script), LIMITS).await.unwrap();
        assert_eq!((output.stdout.len(), output.stderr.len()), (MIB, MIB));
    }

    #[tokio::test]
    async fn the_limit_of_the_output_is_its_last_byte() {
        let limits = Limits { output: 4, ..LIMITS };
        assert_eq!(run(&mut shell("printf 1234"), limits).await.unwrap().stdout, b"1234");
        let error = run(&mut shell("printf 12345"), limits).await.unwrap_err();
        assert_eq!(error.to_string(), "it printed more than 4 bytes");
        // One that never ends by itself.
        let error = run(&mut shell("yes"), limits).await.unwrap_err();
        assert!(matches!(error, RunError::TooMuchOutput(4)), "{error}");
        let error = run(&mut shell("printf 12345 >&2; sleep 600"), limits).await.unwrap_err();
        assert!(matches!(error, RunError::TooMuchOutput(4)), "{error}");
    }

    /// Reading a terminal, it would wait for its user.
    #[tokio::test]
    async fn its_input_is_empty() {
        assert_eq!(run(&mut shell("cat"), LIMITS).await.unwrap().stdout, b"");
    }

    /// A program that says who it is, and then does not end.
    fn endless(folder: &tempfile::TempDir) -> (Command, PathBuf) {
        let path = folder.path().join("id");
        let script = format!("echo $$ > {0}.new; mv {0}.new {0}; exec sleep 600", path.display());
        (shell(&script), path)
    }

    async fn is_gone(path: &Path) -> bool {
        let id = fs::read_to_string(path).unwrap();
        let mut command = shell(&format!("kill -0 {}", id.trim()));
        command.stderr(Stdio::null()).status().await.is_ok_and(|status| !status.success())
    }

    #[tokio::test]
    async fn at_its_time_limit_it_is_killed_and_awaited() {
        let folder = tempfile::tempdir().unwrap();
        let (mut command, path) = endless(&folder);
        let limits = Limits { time: Duration::from_millis(100), ..LIMITS };
        let error = run(&mut command, limits).await.unwrap_err();
        assert_eq!(error.to_string(), "it did not end within 100ms");
        // On a busy machine its time may be over before it has said who it is.
        assert!(!path.exists() || is_gone(&path).await);
    }

    #[tokio::test]
    async fn dropped_it_kills_and_the_runtime_awaits() {
        let folder = tempfile::tempdir().unwrap();
        let (mut command, path) = endless(&folder);
        let started = async {
            while !path.exists() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            ended = run(&mut command, LIMITS) => panic!("{ended:?}"),
            () = started => {}
        }
        while !is_gone(&path).await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}
