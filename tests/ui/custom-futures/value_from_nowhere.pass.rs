use std::pin::Pin;
use std::task::{Context, Poll, Waker};

struct Read {
    value: u32,
}

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
            Poll::Ready(self.value)
        } else {
            self.register_io(cx.waker().clone());
            Poll::Pending
        }
    }
}

fn main() {
    let _read = Read { value: 42 };
}
