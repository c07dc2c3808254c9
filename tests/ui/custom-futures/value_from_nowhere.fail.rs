//! error[E0425]: cannot find value `value` in this scope
//! Proves D-3-3.
//! Deep dive 3.2: the `poll` as printed returns a value that no line defines.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

struct Read;

impl Read {
    fn io_ready(&self) -> bool {
        true
    }

    fn register_io(&self, waker: Waker) {
        waker.wake();
    }
}

impl Future for Read {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.io_ready() {
            Poll::Ready(value)
        } else {
            self.register_io(cx.waker().clone());
            Poll::Pending
        }
    }
}

fn main() {
    let _read = Read;
}
