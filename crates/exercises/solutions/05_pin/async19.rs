//! Guide 5.2 — `pin!` pins a value where it is, without a box.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Polls the future up to `limit` times. Returns the number of the poll that was ready.
fn polls_until_ready<F: Future>(future: F, limit: u32) -> Option<u32> {
    let mut cx = Context::from_waker(Waker::noop());
    // The new `future` is a pinned reference. It hides the old one, which has moved into `pin!`.
    let mut future = pin!(future);
    (1..=limit).find(|_| matches!(future.as_mut().poll(&mut cx), Poll::Ready(_)))
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::yield_now;

    #[test]
    fn a_future_that_yields_twice_needs_three_polls() {
        let twice = || async {
            yield_now().await;
            yield_now().await;
        };
        assert_eq!(polls_until_ready(twice(), 5), Some(3));
        assert_eq!(polls_until_ready(twice(), 2), None);
    }
}
