//! Wrong: starts both sleeps at once.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

struct Greeting(Pin<Box<Sleep>>, Pin<Box<Sleep>>);

impl Greeting {
    fn new() -> Self {
        let sleeping = |seconds| Box::pin(sleep(Duration::from_secs(seconds)));
        Self(sleeping(1), sleeping(2))
    }
}

impl Future for Greeting {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(self.0.as_mut().poll(cx));
        ready!(self.1.as_mut().poll(cx));
        Poll::Ready("hello")
    }
}
