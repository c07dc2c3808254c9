//! Deep dive 2.3 — `.await` stores its future; a `match` on a new future starts again in each poll.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub fn main() {
    let charged = Cell::new(0);
    let answer = third_answer(awaited(&charged));
    println!(".await: charged {}, {answer:?}", charged.take());

    let answer = third_answer(stored(&charged));
    println!("a match on what is stored: charged {}, {answer:?}", charged.take());

    let answer = third_answer(made_anew(&charged));
    println!("a match on what is new: charged {}, {answer:?}", charged.take());
}

/// Must not happen twice, and takes three polls.
async fn charge(charged: &Cell<u32>) {
    charged.set(charged.get() + 1);
    let mut polls = 0;
    poll_fn(|_| {
        polls += 1;
        if polls < 3 { Poll::Pending } else { Poll::Ready(()) }
    })
    .await
}

async fn awaited(charged: &Cell<u32>) {
    charge(charged).await
}

/// Does what `.await` does: makes and pins the future once, and goes on with it in each poll.
async fn stored(charged: &Cell<u32>) {
    let mut future = pin!(charge(charged).into_future());
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Pending => Poll::Pending,
        Poll::Ready(v) => Poll::Ready(v),
    })
    .await
}

/// The document's `match` and nothing else: each poll makes a future, begins it, and drops it.
async fn made_anew(charged: &Cell<u32>) {
    poll_fn(|cx| match pin!(charge(charged)).poll(cx) {
        Poll::Pending => Poll::Pending,
        Poll::Ready(v) => Poll::Ready(v),
    })
    .await
}

fn third_answer(future: impl Future<Output = ()>) -> Poll<()> {
    let mut future = pin!(future);
    let mut poll = || future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    [poll(), poll(), poll()][2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{Ready, ready};

    fn answers<F: Future<Output = ()>>(future: F, polls: usize) -> Vec<Poll<()>> {
        let mut future = pin!(future);
        let mut cx = Context::from_waker(Waker::noop());
        (0..polls).map(|_| future.as_mut().poll(&mut cx)).collect()
    }

    /// Proves D-2-8.
    #[test]
    fn a_stored_future_is_begun_once_and_ends() {
        let expected = [Poll::Pending, Poll::Pending, Poll::Ready(())];
        let charged = Cell::new(0);
        assert_eq!(answers(awaited(&charged), 3), expected);
        assert_eq!(charged.take(), 1);
        assert_eq!(answers(stored(&charged), 3), expected);
        assert_eq!(charged.take(), 1);
    }

    /// Proves D-2-8, D-18-2.
    #[test]
    fn a_future_made_in_each_poll_repeats_its_beginning_and_never_ends() {
        let charged = Cell::new(0);
        assert_eq!(answers(made_anew(&charged), 100), [Poll::Pending; 100]);
        assert_eq!(charged.get(), 100);
    }

    /// The first thing that `.await` calls is `into_future`.
    /// Proves D-2-8.
    #[test]
    fn what_is_awaited_need_not_be_a_future() {
        struct Request;

        impl IntoFuture for Request {
            type Output = u32;
            type IntoFuture = Ready<u32>;

            fn into_future(self) -> Ready<u32> {
                ready(200)
            }
        }

        let mut future = pin!(async { Request.await });
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Ready(200));
    }

    #[test]
    fn what_is_awaited_is_stored_in_the_future_that_waits() {
        async fn large() {
            let buffer = [1_u8; 1024];
            charge(&Cell::new(0)).await;
            assert_eq!(buffer[0], 1);
        }
        let waits = async { large().await };
        assert!(size_of_val(&waits) > 1024);
    }
}
