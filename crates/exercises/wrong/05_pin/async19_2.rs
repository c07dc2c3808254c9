//! Wrong, and does not compile: demands Unpin of every future.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

fn polls_until_ready<F: Future + Unpin>(mut future: F, limit: u32) -> Option<u32> {
    let mut cx = Context::from_waker(Waker::noop());
    (1..=limit).find(|_| matches!(Pin::new(&mut future).poll(&mut cx), Poll::Ready(_)))
}
