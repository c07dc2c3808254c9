//! error[E0053]: method `poll` has an incompatible type for trait
//! Proves D-0-2, D-4-4.
//! Deep dive, TL;DR: `poll(&mut self, cx: &mut Context)`.

use std::task::{Context, Poll};

struct Ready;

impl Future for Ready {
    type Output = u32;

    fn poll(&mut self, _cx: &mut Context<'_>) -> Poll<u32> {
        Poll::Ready(42)
    }
}

fn main() {
    let _ready = Ready;
}
