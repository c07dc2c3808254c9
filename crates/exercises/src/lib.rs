//! What the tests of the exercises use.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::time::timeout;

/// Runs a future on one thread, whose clock jumps to the next timer when nothing else is to do.
///
/// # Panics
///
/// If the future waits for something that never happens: nothing is left to run, and no timer.
pub fn paused<F: Future>(future: F) -> F::Output {
    const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime
        .expect("a runtime can be built")
        .block_on(async { timeout(A_DAY, future).await })
        .expect("this hangs: nothing is left that could wake it")
}

/// Runs a future and counts its polls.
pub async fn counted<F: Future>(future: F) -> (F::Output, usize) {
    let (mut future, mut polls) = (std::pin::pin!(future), 0);
    let output = std::future::poll_fn(|cx| {
        polls += 1;
        future.as_mut().poll(cx)
    });
    let output = output.await;
    (output, polls)
}

/// A waker that counts how often it was called.
#[derive(Default)]
pub struct Wakes(Arc<Count>);

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Wakes {
    pub fn new() -> Self {
        Self::default()
    }

    /// Polls a future once, with this waker.
    pub fn poll<F: Future>(&self, future: Pin<&mut F>) -> Poll<F::Output> {
        let waker = Waker::from(Arc::clone(&self.0));
        future.poll(&mut Context::from_waker(&waker))
    }

    pub fn count(&self) -> usize {
        self.0.0.load(Ordering::Relaxed)
    }
}
