//! error[E0277]: cannot be unpinned
//! Proves G-2.3-2.
//! Guide 2.3: `Pin::new` on a step that is a real async fn.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

struct Example<F> {
    step_one_future: F,
}

impl<F: Future<Output = u64>> Future for Example<F> {
    type Output = u64;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        Pin::new(&mut self.step_one_future).poll(cx)
    }
}

async fn step_one() -> u64 {
    42
}

fn main() {
    let example = pin!(Example { step_one_future: step_one() });
    println!("{:?}", example.poll(&mut Context::from_waker(Waker::noop())));
}
