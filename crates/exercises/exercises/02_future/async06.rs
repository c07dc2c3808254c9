//! Guide 2.5 — A timeout polls two futures in one `poll`.
//!
//! It polls the value first, and the clock only if the value is not there. In the other order it
//! throws away a value that came in time.
//!
//! Fails first: the test `a_value_at_the_last_moment_is_in_time` fails.

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
        // TODO: A value that is there when the time is up came in time.
        if self.clock.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(Elapsed));
        }
        self.value.as_mut().poll(cx).map(Ok)
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_value_at_the_last_moment_is_in_time() {
        paused(async {
            let value = async {
                sleep(SECOND).await;
                7
            };
            assert_eq!(with_timeout(SECOND, value).await, Ok(7));
        });
    }

    #[test]
    fn the_limit_ends_what_takes_longer() {
        paused(async {
            let start = Instant::now();
            let never = std::future::pending::<()>();
            assert_eq!(with_timeout(SECOND, never).await, Err(Elapsed));
            // Tokio's clock is exact to the millisecond.
            assert_eq!(start.elapsed(), SECOND);
        });
    }
}
