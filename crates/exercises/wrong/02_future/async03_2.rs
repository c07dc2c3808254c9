//! Wrong: counts down in one poll.

use std::pin::Pin;
use std::task::{Context, Poll};

struct Countdown {
    left: u32,
}

impl Future for Countdown {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        while self.left > 0 {
            self.left -= 1;
        }
        Poll::Ready("lift-off")
    }
}
