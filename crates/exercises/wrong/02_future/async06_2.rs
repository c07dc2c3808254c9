//! Wrong: gives the value one more moment, by a longer limit.

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
    let limit = limit + Duration::from_millis(1);
    WithTimeout { value: Box::pin(value), clock: Box::pin(sleep(limit)) }
}

impl<F: Future> Future for WithTimeout<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.clock.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(Elapsed));
        }
        self.value.as_mut().poll(cx).map(Ok)
    }
}
