//! Child processes with a watchdog, for what must hang, abort, panic or take a signal.

use std::any::type_name_of_val;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const RERUN: &str = "UTILS_PROBE_IN_CHILD";

/// The starter of programs that the machine does not run by itself: cargo's `runner`, for children.
/// `scripts/platforms` sets it.
const RUNNER: &str = "UTILS_PROBE_RUNNER";

/// Longer than anything here takes, even on a loaded machine: only a hang reaches it.
const WATCHDOG: Duration = Duration::from_secs(60);

/// Runs `body` in a child process: this same test once more, alone.
///
/// Call it as the whole body of a `#[test]`, with a closure written there: the closure's type
/// names the test. A child that has not ended after `limit` is killed and reported with
/// [`Ended::hung`]; choose a limit that only a hang can reach.
pub fn in_child<F: FnOnce()>(limit: Duration, body: F) -> Ended {
    Child::start(&mut rerun(body)).end_within(limit)
}

/// Returns the command that runs `body` in a child process, as [`in_child`] does it.
pub fn rerun<F: FnOnce()>(body: F) -> Command {
    let path = type_name_of_val(&body).trim_end_matches("::{{closure}}");
    let (_crate_name, test) = path.split_once("::").expect("a test lives in a module");
    if std::env::var_os(RERUN).is_some() {
        body();
        std::process::exit(0);
    }
    let mut command = this_program();
    command.args([test, "--exact", "--nocapture", "--include-ignored"]).env(RERUN, test);
    // No backtrace of a panic that is asked for: taking one costs seconds in a debug build.
    command.env("RUST_BACKTRACE", "0");
    command
}

fn this_program() -> Command {
    let program = std::env::current_exe().expect("a running test has a file");
    let runner = std::env::var(RUNNER).unwrap_or_default();
    let mut words = runner.split_whitespace();
    let Some(first) = words.next() else {
        return Command::new(program);
    };
    let mut command = Command::new(first);
    command.args(words).arg(program);
    command
}

/// A running program whose output is read as it comes. Dropped, it is killed.
pub struct Child {
    process: std::process::Child,
    /// Open, if it has one, until the child has ended.
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    seen: Vec<String>,
    /// Taken where it is joined.
    stderr: Option<JoinHandle<String>>,
}

/// How a [`Child`] ended and what it had printed.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    /// It was still running at its limit and has been killed.
    pub hung: bool,
    pub stdout: String,
    pub stderr: String,
}

/// A signal of a terminal or a supervisor.
#[derive(Clone, Copy, Debug)]
pub enum Signal {
    /// SIGINT: Ctrl+C.
    Interrupt,
    /// SIGTERM: `kill`, `docker stop`, systemd.
    Terminate,
}

impl Child {
    pub fn start(command: &mut Command) -> Self {
        Self::spawn(command.stdin(Stdio::null()))
    }

    /// Starts it with a stdin that stays open, as at a terminal: [`Child::type_in`] writes to it.
    pub fn with_stdin(command: &mut Command) -> Self {
        Self::spawn(command.stdin(Stdio::piped()))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let stdin = process.stdin.take();
        let stdout = process.stdout.take().expect("piped above");
        let mut stderr = process.stderr.take().expect("piped above");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            // Ends with the pipe, or with the test, which no longer wants the lines.
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let stderr = std::thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).expect("a pipe can be read");
            String::from_utf8_lossy(&text).into_owned()
        });
        Self { process, stdin, lines, seen: Vec::new(), stderr: Some(stderr) }
    }

    /// Writes to the stdin of a child that has one.
    pub fn type_in(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().expect("started by `with_stdin`");
        stdin.write_all(text.as_bytes()).expect("the child reads, or its pipe takes it");
    }

    /// Waits for the next line of stdout that contains `text`, and returns it.
    ///
    /// # Panics
    ///
    /// If stdout ends or a minute passes before that.
    pub fn wait_for_line(&mut self, text: &str) -> String {
        let deadline = Instant::now() + WATCHDOG;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    self.seen.push(line.clone());
                    if line.contains(text) {
                        return line;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("no line {text:?} in {:#?}", self.seen),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("stdout ended without {text:?}: {:#?}", self.seen)
                }
            }
        }
    }

    /// Sends a real signal. Only Unix has them.
    #[cfg(unix)]
    pub fn signal(&self, signal: Signal) {
        use rustix::process::{Pid, Signal as Unix, kill_process};
        let pid = Pid::from_child(&self.process);
        let signal = match signal {
            Signal::Interrupt => Unix::INT,
            Signal::Terminate => Unix::TERM,
        };
        kill_process(pid, signal).expect("the child has not been waited for, so it exists");
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// If it takes a minute.
    pub fn end(self) -> Ended {
        let ended = self.end_within(WATCHDOG);
        assert!(!ended.hung, "still running after {WATCHDOG:?}: {ended:#?}");
        ended
    }

    /// Waits for its end, and kills it at `limit`.
    pub fn end_within(mut self, limit: Duration) -> Ended {
        let deadline = Instant::now() + limit;
        let (status, hung) = loop {
            if let Some(status) = self.process.try_wait().expect("a child can be waited for") {
                break (status, false);
            }
            if Instant::now() >= deadline {
                self.process.kill().expect("a running child can be killed");
                break (self.process.wait().expect("a child can be waited for"), true);
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        self.seen.extend(self.lines.iter());
        let stderr = self.stderr.take().expect("joined only here");
        Ended {
            status,
            hung,
            stdout: self.seen.iter().map(|line| format!("{line}\n")).collect(),
            stderr: stderr.join().expect("reading a pipe does not panic"),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // After a failed assertion it would keep its port. One already waited for is left alone.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests;
