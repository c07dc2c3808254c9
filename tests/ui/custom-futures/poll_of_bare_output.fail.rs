//! error[E0412]: cannot find type `Output` in this scope
//! Proves D-18-1.
//! from 1.93: error[E0425]: cannot find type `Output` in this scope
//! Deep dive 18: the signature as the cheat sheet has it.

use std::pin::Pin;
use std::task::{Context, Poll};

struct Ready;

impl Future for Ready {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Output> {
        Poll::Ready(42)
    }
}

fn main() {
    let _ready = Ready;
}
