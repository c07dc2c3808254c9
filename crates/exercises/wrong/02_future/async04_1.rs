//! Wrong: wakes itself after the step, which costs a poll more than needed.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

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
        match &mut *self {
            Self::First(sleeping) => {
                ready!(sleeping.as_mut().poll(cx));
                *self = Self::Second(Box::pin(sleep(Duration::from_secs(2))));
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Second(sleeping) => {
                ready!(sleeping.as_mut().poll(cx));
                Poll::Ready("hello")
            }
        }
    }
}
