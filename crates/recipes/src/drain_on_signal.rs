//! On SIGINT or SIGTERM, let the tasks that run end what they have begun, within a limit.
//!
//! `TaskTracker` and `CancellationToken` of tokio-util count the tasks and tell them to stop. This
//! adds the order of a shutdown: tell, wait, and drop what is left at the limit or a second signal.
//!
//! ```
//! # use recipes::drain_on_signal::{Signals, Tasks};
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Wake, Waker};
    use tokio::time::{Instant, advance, sleep};
    use tokio_util::task::task_tracker::TaskTrackerToken;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn what_is_begun_is_ended_and_nothing_new_is_begun() {
        let (tasks, done) = (Tasks::new(), Arc::new(AtomicUsize::new(0)));
        for _ in 0..3 {
            let (stopping, done) = (tasks.stopping(), done.clone());
            tasks.spawn(async move {
                while !stopping.is_cancelled() {
                    sleep(SECOND).await;
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        sleep(SECOND * 3 / 2).await;
        let start = Instant::now();
        assert_eq!(tasks.drain(SECOND * 5, pending()).await, Ok(()));
        assert_eq!((done.load(Ordering::Relaxed), start.elapsed()), (6, SECOND / 2));
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_limit_or_the_second_signal_what_is_left_is_counted_and_dropped() {
        for (end, after) in [(SECOND * 9, SECOND * 5), (SECOND, SECOND)] {
            let (tasks, alive, start) = (Tasks::new(), Arc::new(()), Instant::now());
            for _ in 0..2 {
                let held = alive.clone();
                tasks.spawn(async move {
                    let _held = held;
                    pending::<()>().await;
                });
            }
            tasks.spawn(sleep(SECOND / 2));
            let error = tasks.drain(SECOND * 5, sleep(end)).await.unwrap_err();
            assert_eq!((error, start.elapsed()), (CutOff(2), after));
            assert_eq!(error.to_string(), "2 tasks were cut off");
            assert_eq!(tasks.drain(SECOND, pending()).await, Ok(()));
            assert_eq!(Arc::strong_count(&alive), 1);
        }
    }

    /// A waker that counts as a task until the wait drops it, in the middle of its next poll.
    struct Last(#[expect(dead_code, reason = "its drop counts")] TaskTrackerToken);

    impl Wake for Last {
        fn wake(self: Arc<Self>) {}
    }

    /// In each case the wait still sees the last one, and the count does not.
    #[tokio::test(start_paused = true)]
    async fn a_last_task_that_ends_just_at_the_limit_or_the_second_signal_is_not_cut_off() {
        let tasks = Tasks::new();
        let last = Waker::from(Arc::new(Last(tasks.tracker.token())));
        let mut drain = pin!(tasks.drain(SECOND, pending()));
        assert!(drain.as_mut().poll(&mut Context::from_waker(&last)).is_pending());
        drop(last);
        advance(SECOND).await;
        assert_eq!(tasks.tracker.len(), 1);
        assert_eq!(drain.await, Ok(()));

        let tasks = Tasks::new();
        let last = tasks.tracker.token();
        assert_eq!(tasks.drain(SECOND, async { drop(last) }).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_to_drain_takes_no_time_even_without_any() {
        let start = Instant::now();
        assert_eq!(Tasks::new().drain(Duration::ZERO, ready(())).await, Ok(()));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_counts_as_ended() {
        let tasks = Tasks::new();
        let task = tasks.spawn(async { panic!("on purpose") });
        assert_eq!(tasks.drain(SECOND, pending()).await, Ok(()));
        assert!(task.await.unwrap_err().is_panic());
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_spawned_during_the_drain_is_told_and_waited_for() {
        let (tasks, start) = (Tasks::new(), Instant::now());
        let (stopping, more) = (tasks.stopping(), tasks.clone());
        tasks.spawn(async move {
            stopping.cancelled().await;
            assert!(more.stopping().is_cancelled());
            more.spawn(sleep(SECOND * 2));
        });
        assert_eq!(tasks.drain(SECOND * 5, pending()).await, Ok(()));
        assert_eq!(start.elapsed(), SECOND * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_drain_that_is_dropped_can_be_called_again() {
        let (tasks, start) = (Tasks::new(), Instant::now());
        tasks.spawn(sleep(SECOND * 3));
        timeout(SECOND, tasks.drain(SECOND * 9, pending())).await.unwrap_err();
        assert_eq!(tasks.drain(SECOND * 9, pending()).await, Ok(()));
        assert_eq!(start.elapsed(), SECOND * 3);
    }

    #[tokio::test]
    async fn a_token_that_one_task_cancels_stops_no_other() {
        let tasks = Tasks::new();
        tasks.stopping().cancel();
        assert!(!tasks.stopping().is_cancelled());
    }

    /// A real one, which the system sends to this process.
    #[cfg(unix)] // elsewhere no process can send one
    #[tokio::test]
    async fn each_signal_has_its_code_and_none_is_lost_with_a_dropped_call() {
        let mut signals = Signals::listen().unwrap();
        for (name, code) in [("-INT", 130), ("-TERM", 143)] {
            timeout(Duration::ZERO, signals.recv()).await.unwrap_err();
            let id = std::process::id().to_string();
            let sent = std::process::Command::new("kill").args([name, &id]).status();
            assert!(sent.unwrap().success());
            assert_eq!(signals.recv().await, code);
        }
    }
}
