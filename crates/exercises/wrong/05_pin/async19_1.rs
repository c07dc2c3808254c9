//! Wrong, and does not compile: pins anew for each poll, which consumes the future with the first.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

fn polls_until_ready<F: Future>(future: F, limit: u32) -> Option<u32> {
    let mut cx = Context::from_waker(Waker::noop());
    (1..=limit).find(|_| matches!(pin!(future).poll(&mut cx), Poll::Ready(_)))
}
