//! Guide 2.3 — An async fn is a state machine.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// `sleep(1 s).await; sleep(2 s).await; "hello"`, by hand. It is polled three times, as the async
/// block would be: at the beginning, and when a sleep ends.
enum Greeting {
    First(Pin<Box<Sleep>>),
    Second(Pin<Box<Sleep>>),
}

impl Greeting {
    fn new() -> Self {
        Self::First(Box::pin(sleep(Duration::from_secs(1))))
    }
}

impl Future for Greeting {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // The loop polls the next state in the same poll, so the second sleep gets the waker.
        loop {
            match &mut *self {
                Self::First(sleeping) => {
                    ready!(sleeping.as_mut().poll(cx));
                    *self = Self::Second(Box::pin(sleep(Duration::from_secs(2))));
                }
                Self::Second(sleeping) => {
                    ready!(sleeping.as_mut().poll(cx));
                    return Poll::Ready("hello");
                }
            }
        }
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::{counted, paused};
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn it_greets_after_two_waits() {
        paused(async {
            let start = Instant::now();
            let (greeting, polls) = counted(Greeting::new()).await;
            assert_eq!(greeting, "hello");
            assert_eq!(start.elapsed(), Duration::from_secs(3));
            assert_eq!(polls, 3, "one to begin, and one for each sleep that ends");
        });
    }
}
