//! Guide 2.5 — A timeout polls two futures in one `poll`.

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
        // The value comes first: if both are ready, the work is done, and its result is returned.
        if let Poll::Ready(value) = self.value.as_mut().poll(cx) {
            return Poll::Ready(Ok(value));
        }
        self.clock.as_mut().poll(cx).map(|()| Err(Elapsed))
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
