//! On SIGINT or SIGTERM, let the tasks that run end what they have begun, within a limit.
//!
//! `TaskTracker` and `CancellationToken` of tokio-util count the tasks and tell them to stop. This
//! adds the order of a shutdown: tell, wait, and drop what is left at the limit or a second signal.
//!
//! ```
//! # use service::drain_on_signal::{Signals, Tasks};
//! # use std::{io, process, time::Duration};
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> io::Result<()> {
//! // First of all: until then a signal ends the process.
//! let mut signals = Signals::listen()?;
//! let tasks = Tasks::new();
//! let stopping = tasks.stopping();
//! tasks.spawn(async move {
//!     // Asked between two units of work, so that none is torn.
//!     while !stopping.is_cancelled() {
//!         tokio::time::sleep(Duration::from_millis(10)).await;
//!     }
//! });
//! # if cfg!(not(unix)) { return Ok(()) }
//! # process::Command::new("kill").arg(process::id().to_string()).status()?;
//! let code = signals.recv().await; // For `std::process::exit`.
//! let second = async { signals.recv().await; };
//! tasks.drain(Duration::from_secs(10), second).await.unwrap();
//! # assert_eq!(code, 143);
//! # Ok(()) }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::future::Future;
use std::io;
use std::time::Duration;
use thiserror::Error;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlBreak, CtrlC, ctrl_break, ctrl_c};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The tasks to wait for at the end. Clones share them: a task can spawn more.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
    cut: CancellationToken,
}

/// The number of tasks that had not ended when the wait was over. Their futures are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} tasks were cut off")]
pub struct CutOff(pub usize);

impl Tasks {
    /// Returns an empty group.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a token that is cancelled when the drain begins. In a `select!`, await it beside
    /// work that may be dropped. Otherwise check it between two units of work.
    pub fn stopping(&self) -> CancellationToken {
        // A child: a task that cancels it by mistake stops nobody else.
        self.stop.child_token()
    }

    /// Spawns a task that the drain waits for, even if the drain has begun. The handle has its
    /// panic. Panics outside a Tokio runtime.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        let cut = self.cut.clone();
        // `None` is a task that was cut off, and `drain` has counted it.
        self.tracker.spawn(async move { cut.run_until_cancelled(task).await.unwrap_or_default() })
    }

    /// Tells all tasks to stop and waits until they have ended, at most for `limit`, or until `end`
    /// completes: a second signal, for example, or [`pending`](std::future::pending) for none.
    ///
    /// # Errors
    ///
    /// [`CutOff`] if tasks were left. Each is dropped at its next `await`.
    ///
    /// Panics outside a Tokio runtime whose timers are enabled.
    ///
    /// # Cancel safety
    ///
    /// If dropped, the tasks know of the stop and run on. Another call waits for them again.
    ///
    /// # Non-guarantees
    ///
    /// A task that blocks its thread cannot be cut off, and a runtime waits at its end for such
    /// tasks and for closures of `spawn_blocking`. `std::process::exit` does not wait.
    pub async fn drain(
        &self,
        limit: Duration,
        end: impl Future<Output = ()>,
    ) -> Result<(), CutOff> {
        self.stop.cancel();
        // Closed, `wait` ends with the last task.
        self.tracker.close();
        tokio::select! {
            biased;
            in_time = timeout(limit, self.tracker.wait()) => if in_time.is_ok() { return Ok(()) },
            () = end => {}
        }
        let left = self.tracker.len();
        if left == 0 {
            // The last one ended at that moment.
            return Ok(());
        }
        self.cut.cancel();
        Err(CutOff(left))
    }
}

/// The signals that ask a process to end. After [`Signals::listen`] they do not end it by
/// themselves, even if this is dropped.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    streams: (Signal, Signal),
    #[cfg(windows)]
    streams: (CtrlC, CtrlBreak),
}

impl Signals {
    /// Handles SIGINT and SIGTERM from now on; Ctrl+C and Ctrl+Break on Windows.
    ///
    /// Fails if the system refuses a handler. Panics outside a Tokio runtime whose I/O is enabled.
    pub fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        let streams = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        #[cfg(windows)]
        let streams = (ctrl_c()?, ctrl_break()?);
        Ok(Self { streams })
    }

    /// Waits for the next signal and returns the exit code that shells use for it: 130 or 143.
    /// Signals of one kind since the last call count as one. Cancel safe.
    pub async fn recv(&mut self) -> u8 {
        tokio::select! {
            _ = self.streams.0.recv() => 130,
            _ = self.streams.1.recv() => 143,
        }
    }
}
