//! Guide 5.2 — `pin!` pins a value where it is, without a box.
//!
//! It takes the value and returns a `Pin<&mut _>`, so nobody can move the value any more. This is
//! enough for a future that does not leave the function.
//!
//! Fails first: it does not compile: E0277.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Polls the future up to `limit` times. Returns the number of the poll that was ready.
fn polls_until_ready<F: Future>(mut future: F, limit: u32) -> Option<u32> {
    let mut cx = Context::from_waker(Waker::noop());
    // TODO: `Pin::new` takes only what may be moved: pin the future to the stack.
    let mut pinned = Pin::new(&mut future);
    (1..=limit).find(|_| matches!(pinned.as_mut().poll(&mut cx), Poll::Ready(_)))
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
