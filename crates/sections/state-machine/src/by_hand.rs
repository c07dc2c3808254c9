//! Guide 2.3 — An enum with one state per `.await` behaves poll by poll like the async fn.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};

pub fn main() {
    println!("async fn: {:?}", answers(pin!(example())));
    println!("by hand:  {:?}", answers(pin!(ExampleFuture::Start)));
}

async fn example() -> u64 {
    let a = Step(20, false).await;
    let b = Step(a + 2, false).await;
    a + b
}

/// Has all the states that the compiler makes, except the one for having panicked.
enum ExampleFuture {
    Start,
    State0 { step_one_future: Step },
    State1 { a: u64, step_two_future: Step },
    Done,
}

impl Future for ExampleFuture {
    type Output = u64;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        loop {
            *self = match &mut *self {
                Self::Start => Self::State0 { step_one_future: Step(20, false) },
                Self::State0 { step_one_future } => {
                    let a = ready!(Pin::new(step_one_future).poll(cx));
                    Self::State1 { a, step_two_future: Step(a + 2, false) }
                }
                Self::State1 { a, step_two_future } => {
                    let sum = *a + ready!(Pin::new(step_two_future).poll(cx));
                    *self = Self::Done;
                    return Poll::Ready(sum);
                }
                Self::Done => panic!("polled after completion"),
            };
        }
    }
}

/// A value, and whether it has been polled. Without a pointer to itself, it may be moved.
struct Step(u64, bool);

impl Future for Step {
    type Output = u64;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        if std::mem::replace(&mut self.1, true) { Poll::Ready(self.0) } else { Poll::Pending }
    }
}

fn answers(mut future: Pin<&mut impl Future<Output = u64>>) -> [Poll<u64>; 3] {
    [(); 3].map(|()| future.as_mut().poll(&mut Context::from_waker(Waker::noop())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use utils::probe::allocations;

    /// Proves G-1.3-8, G-2.3-1, G-2.3-3, G-まとめ-1.
    #[test]
    fn two_suspensions_are_three_polls_for_both() {
        let expected = [Poll::Pending, Poll::Pending, Poll::Ready(42)];
        assert_eq!(answers(pin!(example())), expected);
        assert_eq!(answers(pin!(ExampleFuture::Start)), expected);
    }

    /// The document's first state is 「step_one の完了を待っている」; the real first state has not begun.
    /// Proves G-2.3-3.
    #[test]
    fn nothing_is_called_before_the_first_poll() {
        let called = Cell::new(false);
        let eager = || {
            called.set(true);
            Step(20, false)
        };
        let mut future = pin!(async { eager().await });
        assert!(!called.get());
        let mut cx = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut cx).is_pending());
        assert!(called.get());
    }

    /// As for the real machine: a suspension point is one only if the step is not ready.
    /// Proves G-2.3-1.
    #[test]
    fn steps_that_are_ready_take_a_single_poll() {
        let ready = |value| Step(value, true);
        let mut cx = Context::from_waker(Waker::noop());
        let future = pin!(async { ready(1).await + ready(2).await });
        assert_eq!(future.poll(&mut cx), Poll::Ready(3));
        let by_hand = pin!(ExampleFuture::State1 { a: 20, step_two_future: ready(22) });
        assert_eq!(by_hand.poll(&mut cx), Poll::Ready(42));
    }

    /// Proves G-1.3-1, G-2.3-4, D-0-1, D-1-7, D-13-2.
    #[test]
    fn neither_allocates() {
        let mut cx = Context::from_waker(Waker::noop());
        let (count, ()) = allocations(|| {
            let (mut machine, mut written) = (pin!(example()), pin!(ExampleFuture::Start));
            while machine.as_mut().poll(&mut cx).is_pending() {}
            while written.as_mut().poll(&mut cx).is_pending() {}
        });
        assert_eq!(count, 0);
    }

    /// Proves G-2.3-5.
    #[test]
    #[should_panic = "polled after completion"]
    fn the_enum_panics_when_polled_after_its_end() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = pin!(ExampleFuture::Start);
        for _ in 0..4 {
            let _ = future.as_mut().poll(&mut cx);
        }
    }

    /// The text differs from the document's, and is the same for an async block.
    /// Proves G-2.3-3, G-2.3-5.
    #[test]
    #[should_panic = "`async fn` resumed after completion"]
    fn the_async_fn_panics_when_polled_after_its_end() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = pin!(example());
        for _ in 0..4 {
            let _ = future.as_mut().poll(&mut cx);
        }
    }
}
