//! [`timeout`]: a future, and the deadline by which it has to be ready.
//!
//! Tokio's counterpart: `tokio/src/time/timeout.rs`.

use super::instant::Instant;
use super::sleep::{Sleep, sleep_until};
use crate::runtime::context;
use crate::runtime::report::Timer;
use crate::runtime::task::coop;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use std::{error, fmt, io};

/// Runs the future for at most `duration`. If no instant is that far away, there is no deadline.
///
/// ```
/// use tiny_runtime::time::{Duration, sleep, timeout};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// assert_eq!(timeout(Duration::from_secs(2), async { 1 }).await, Ok(1));
/// let late = sleep(Duration::from_secs(3));
/// assert!(timeout(Duration::from_secs(2), late).await.is_err());
/// # });
/// # std::io::Result::Ok(())
/// ```
///
/// # Errors
///
/// [`Elapsed`], if the future is not ready by then; it is dropped with the `Timeout`.
///
/// # Panics
///
/// As [`sleep`](crate::time::sleep).
///
/// # Cancel safety
///
/// A `Timeout` that is dropped drops the future: it is as cancel safe as the future.
#[track_caller]
pub fn timeout<F: IntoFuture>(duration: Duration, future: F) -> Timeout<F::IntoFuture> {
    let (runtime, now) = context::number_and_now();
    let (runtime, now) = (Timer::new(runtime), Instant::from_std(now));
    let deadline = now.checked_add(duration);
    let delay = deadline.map(|deadline| Sleep::new(runtime, deadline, now));
    Timeout { value: future.into_future(), delay }
}

/// Runs the future until `deadline` at most, as [`timeout`] does.
///
/// ```
/// use tiny_runtime::time::{Duration, Instant, sleep, timeout_at};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let deadline = Instant::now() + Duration::from_secs(2);
/// assert!(timeout_at(deadline, sleep(Duration::from_secs(3))).await.is_err());
/// assert!(timeout_at(deadline, async {}).await.is_ok()); // ready at once, so in time
/// # });
/// # std::io::Result::Ok(())
/// ```
///
/// # Errors
///
/// As [`timeout`].
///
/// # Panics
///
/// As [`sleep`](crate::time::sleep).
#[track_caller]
pub fn timeout_at<F: IntoFuture>(deadline: Instant, future: F) -> Timeout<F::IntoFuture> {
    Timeout { value: future.into_future(), delay: Some(sleep_until(deadline)) }
}

pin_project! {
    /// The future of [`timeout`] and [`timeout_at`].
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Timeout, timeout};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let never = std::future::pending::<()>();
    /// let patient: Timeout<_> = timeout(Duration::from_secs(1), never);
    /// assert!(patient.await.is_err());
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Timeout<F> {
        #[pin]
        value: F,
        delay: Option<Sleep>,
    }
}

impl<F> Timeout<F> {
    /// Returns the future.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, sleep, timeout};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let timeout = timeout(Duration::from_secs(2), sleep(Duration::from_secs(1)));
    /// assert!(!timeout.get_ref().is_elapsed());
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn get_ref(&self) -> &F {
        &self.value
    }

    /// Returns the future, to be changed.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, Instant, sleep, timeout};
    /// use std::pin::Pin;
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let mut timeout = timeout(Duration::from_secs(2), sleep(Duration::from_secs(9)));
    /// let soon = Instant::now() + Duration::from_secs(1);
    /// Pin::new(timeout.get_mut()).reset(soon);
    /// assert!(timeout.await.is_ok());
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn get_mut(&mut self) -> &mut F {
        &mut self.value
    }

    /// Returns the future, without its deadline.
    ///
    /// ```
    /// use tiny_runtime::time::{Duration, sleep, timeout};
    /// # use tiny_runtime::runtime::Builder;
    /// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
    /// let timeout = timeout(Duration::from_secs(1), sleep(Duration::from_secs(2)));
    /// timeout.into_inner().await; // takes two seconds
    /// # });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn into_inner(self) -> F {
        self.value
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    /// Polls the future first: if the future is ready, it is in time, however late this poll is.
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let had_budget = coop::is_left();
        if let Poll::Ready(value) = this.value.poll(context) {
            return Poll::Ready(Ok(value));
        }
        let Some(delay) = this.delay else { return Poll::Pending };
        // A future that uses up the budget at each poll must not keep its deadline from coming.
        let elapsed = if had_budget && !coop::is_left() {
            delay.poll_elapsed(context)
        } else {
            Pin::new(delay).poll(context)
        };
        elapsed.map(|()| Err(Elapsed(())))
    }
}

/// The error of a [`timeout`]: the deadline came first.
///
/// ```
/// use tiny_runtime::time::{Duration, error::Elapsed, timeout};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let late: Result<(), Elapsed> = timeout(Duration::from_secs(1), std::future::pending()).await;
/// assert_eq!(late.unwrap_err().to_string(), "deadline has elapsed");
/// # });
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Elapsed(());

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        "deadline has elapsed".fmt(f)
    }
}

impl error::Error for Elapsed {}
impl From<Elapsed> for io::Error {
    fn from(_: Elapsed) -> Self {
        io::ErrorKind::TimedOut.into()
    }
}
