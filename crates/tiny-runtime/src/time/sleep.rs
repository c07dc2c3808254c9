//! [`sleep`]: a future that a timer of the runtime wakes.
//!
//! A `Sleep` enters the wheel when it is first polled, with its task's waker, or when it is reset, without a
//! waker. Before that it costs nothing. It leaves the wheel when it is dropped. A deadline is rounded up to
//! a millisecond, but a deadline that had passed when the `Sleep` was made is ready at the first poll.
//!
//! It names its runtime by number. A thread in that runtime compares numbers, and finds the timers without
//! a count; elsewhere a table leads to them (`runtime/time/running.rs`).
//!
//! Invariant: a `Sleep` in the wheel holds the one key of its timer, and gives it back once.
//!
//! Tokio's counterpart: `tokio/src/time/sleep.rs`. There a `Sleep` has 112 bytes and is pinned, since the
//! wheel points into it. This one has 32 bytes, and 32 in the wheel, and may be moved.

use crate::runtime::context;
use crate::runtime::report::Timer;
use crate::runtime::scheduler::worker;
use crate::runtime::task::coop;
use crate::runtime::time::number::Number;
use crate::runtime::time::timers::{Ended, Timers};
use crate::runtime::time::wheel::Key;
use crate::time::Instant;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// Thirty years: about as far as every system's clock can reach.
pub(crate) const FAR_FUTURE: Duration = Duration::from_secs(86_400 * 365 * 30);

/// Waits for `duration`, rounded up to whole milliseconds. More than 30 years count as 30 years.
///
/// ```
/// use tiny_runtime::time::{Duration, Instant, sleep};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let start = Instant::now();
/// sleep(Duration::from_secs(60)).await;
/// assert_eq!(start.elapsed(), Duration::from_secs(60)); // on a paused clock
/// # });
/// # std::io::Result::Ok(())
/// ```
///
/// # Panics
///
/// Outside of a runtime, and when it is polled after the end of its runtime. Two cases do not panic then: a
/// deadline that had passed when the sleep was made is ready; and a task of that runtime whose poll still
/// runs waits, and is dropped when the poll returns.
///
/// # Cancel safety
///
/// A `Sleep` that is dropped leaves the wheel, and nothing is lost.
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    let (runtime, now) = context::number_and_now();
    let now = Instant::from_std(now);
    Sleep::new(Timer::new(runtime), now + duration.min(FAR_FUTURE), now)
}

/// Waits until `deadline`, as [`sleep`] does.
///
/// ```
/// use tiny_runtime::time::{Duration, Instant, sleep_until};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let noon = Instant::now() + Duration::from_secs(3600);
/// sleep_until(noon).await;
/// assert_eq!(Instant::now(), noon);
/// # });
/// # std::io::Result::Ok(())
/// ```
///
/// # Panics
///
/// As [`sleep`].
#[track_caller]
pub fn sleep_until(deadline: Instant) -> Sleep {
    let (runtime, now) = context::number_and_now();
    Sleep::new(Timer::new(runtime), deadline, Instant::from_std(now))
}

/// The future of [`sleep`]: it can be moved to another deadline.
///
/// ```
/// use tiny_runtime::time::{Duration, Instant, sleep};
/// use std::pin::pin;
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let start = Instant::now();
/// let mut idle = pin!(sleep(Duration::from_secs(1)));
/// idle.as_mut().reset(start + Duration::from_secs(5));
/// idle.await;
/// assert_eq!(start.elapsed(), Duration::from_secs(5));
/// # });
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Sleep {
    runtime: Timer<Number>,
    deadline: Instant,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Not polled yet; `is_due`: the deadline had passed when it was set.
    New { is_due: bool },
    /// In the wheel, or `None`: it has elapsed.
    Started(Option<Key>),
}

impl Sleep {
    pub(super) fn new(runtime: Timer<Number>, deadline: Instant, now: Instant) -> Self {
        Self { runtime, deadline, state: State::New { is_due: deadline <= now } }
    }

    /// Returns the instant at which it is due.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant, sleep};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let sleep = sleep(Duration::from_secs(1));
    /// assert_eq!(sleep.deadline(), Instant::now() + Duration::from_secs(1));
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Returns whether its timer has fired. The deadline may have passed before that.
    ///
    /// ```
    /// use std::pin::pin;
    /// use tiny_runtime::time::{Duration, sleep};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let mut sleep = pin!(sleep(Duration::from_secs(1)));
    /// assert!(!sleep.is_elapsed());
    /// sleep.as_mut().await;
    /// assert!(sleep.is_elapsed());
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn is_elapsed(&self) -> bool {
        match &self.state {
            State::New { .. } => false,
            State::Started(None) => true,
            State::Started(Some(key)) => {
                self.with_timers(|timers| timers.has_fired(key)).unwrap_or(true)
            }
        }
    }

    /// Moves the deadline, even if the sleep has elapsed. It runs from now on, polled or not. The task
    /// that polled it last is woken at the new deadline, unless it was woken at the old one.
    ///
    /// ```
    /// use std::pin::pin;
    /// use tiny_runtime::time::{Duration, Instant, sleep};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let start = Instant::now();
    /// let mut idle = pin!(sleep(Duration::from_secs(1)));
    /// idle.as_mut().reset(start + Duration::from_secs(5));
    /// idle.await;
    /// assert_eq!(start.elapsed(), Duration::from_secs(5));
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn reset(mut self: Pin<&mut Self>, deadline: Instant) {
        self.deadline = deadline;
        let key = self.take_key();
        let key = self.with_timers(|timers| timers.reset(key, deadline.into_std()));
        self.state = State::Started(key.flatten());
    }

    /// Sets a sleep that has elapsed again. It enters the wheel at its next poll.
    pub(crate) fn set(&mut self, deadline: Instant, now: Instant) {
        debug_assert!(matches!(self.state, State::Started(None)));
        self.deadline = deadline;
        self.state = State::New { is_due: deadline <= now };
    }

    /// Polls it without the budget.
    pub(super) fn poll_elapsed(&mut self, cx: &Context<'_>) -> Poll<()> {
        let polled = match &mut self.state {
            State::New { is_due: true } => {
                self.state = State::Started(None);
                Ok(())
            }
            State::New { is_due: false } => {
                self.runtime.set(|| self.deadline - Instant::now());
                let deadline = self.deadline.into_std();
                let key = self.with_timers(|timers| timers.register(deadline, cx.waker()));
                key.unwrap_or(Err(Ended)).map(|key| self.state = State::Started(key))
            }
            State::Started(key) => {
                let polled = |timers: &Timers| timers.poll(key, cx.waker());
                context::with_timers_of(*self.runtime, polled).unwrap_or(Err(Ended))
            }
        };
        if polled.is_err() {
            // The runtime ends while it polls this task. It drops the task as soon as the poll returns.
            let ends = worker::polls_task_of(|shared| shared.timers.number() == *self.runtime);
            assert!(ends, "the runtime of this timer has been shut down");
            return Poll::Pending;
        }
        let is_ready = !matches!(self.state, State::Started(Some(_)));
        self.runtime.polled(is_ready);
        if is_ready { Poll::Ready(()) } else { Poll::Pending }
    }

    /// `None` if the runtime has ended.
    fn with_timers<R>(&self, use_it: impl FnOnce(&Timers) -> R) -> Option<R> {
        context::with_timers_of(*self.runtime, use_it)
    }

    #[inline]
    fn take_key(&mut self) -> Option<Key> {
        match &mut self.state {
            State::Started(key) => key.take(),
            State::New { .. } => None,
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let progress = ready!(coop::poll_proceed(context));
        ready!(self.poll_elapsed(context));
        progress.made();
        Poll::Ready(())
    }
}

impl Drop for Sleep {
    #[inline]
    fn drop(&mut self) {
        if let Some(key) = self.take_key() {
            self.with_timers(|timers| timers.cancel(key));
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
