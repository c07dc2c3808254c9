//! Wrong: asks only the value, so that the time is never up.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

#[derive(Debug, PartialEq)]
struct Elapsed;

struct WithTimeout<F> {
    value: Pin<Box<F>>,
    clock: Pin<Box<Sleep>>,
}

fn with_timeout<F: Future>(limit: Duration, value: F) -> WithTimeout<F> {
    WithTimeout { value: Box::pin(value), clock: Box::pin(sleep(limit)) }
}

impl<F: Future> Future for WithTimeout<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.value.as_mut().poll(cx) {
            Poll::Ready(value) => Poll::Ready(Ok(value)),
            Poll::Pending if self.clock.is_elapsed() => Poll::Ready(Err(Elapsed)),
            Poll::Pending => Poll::Pending,
        }
    }
}
