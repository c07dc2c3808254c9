//! Guide 2.3 — An enum with one state for each `.await` answers poll for poll like the async fn.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

pub fn main() {
    println!("async fn: {:?}", polled_to_the_end(example()));
    println!("by hand:  {:?}", polled_to_the_end(ExampleFuture::Start));
}

async fn example() -> u64 {
    let a = step_one().await;
    let b = step_two(a).await;
    a + b
}

/// What the compiler makes of it, less one state: a future that has panicked.
enum ExampleFuture {
    /// Nothing has been called yet.
    Start,
    State0 {
        step_one_future: Step,
    },
    State1 {
        a: u64,
        step_two_future: Step,
    },
    Done,
}

impl Future for ExampleFuture {
    type Output = u64;

    /// Goes on from the stored state as far as it can: a step that is ready costs no poll.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        loop {
            *self = match &mut *self {
                Self::Start => Self::State0 { step_one_future: step_one() },
                Self::State0 { step_one_future } => match Pin::new(step_one_future).poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(a) => Self::State1 { a, step_two_future: step_two(a) },
                },
                Self::State1 { a, step_two_future } => match Pin::new(step_two_future).poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(b) => {
                        let sum = *a + b;
                        *self = Self::Done;
                        return Poll::Ready(sum);
                    }
                },
                Self::Done => panic!("polled after completion"),
            };
        }
    }
}

fn step_one() -> Step {
    Step { value: 20, ready: false }
}

fn step_two(a: u64) -> Step {
    Step { value: a + 2, ready: false }
}

/// Pending once, then ready. It holds no pointer to itself, so it may be moved: it is `Unpin`.
struct Step {
    value: u64,
    ready: bool,
}

impl Future for Step {
    type Output = u64;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        if self.ready {
            return Poll::Ready(self.value);
        }
        self.ready = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Every answer of `poll`, the last one included.
fn polled_to_the_end(future: impl Future<Output = u64>) -> Vec<Poll<u64>> {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    let mut answers = Vec::new();
    while !answers.last().is_some_and(Poll::is_ready) {
        answers.push(future.as_mut().poll(&mut cx));
    }
    answers
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
        assert_eq!(polled_to_the_end(example()), expected);
        assert_eq!(polled_to_the_end(ExampleFuture::Start), expected);
    }

    /// The document's first state is 「step_one の完了を待っている」; the real first state has not begun.
    /// Proves G-2.3-3.
    #[test]
    fn nothing_is_called_before_the_first_poll() {
        let called = Cell::new(false);
        let eager = || {
            called.set(true);
            step_one()
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
        let ready = |value| Step { value, ready: true };
        let future = async { ready(1).await + ready(2).await };
        assert_eq!(polled_to_the_end(future), [Poll::Ready(3)]);
        let by_hand = ExampleFuture::State1 { a: 20, step_two_future: ready(22) };
        assert_eq!(polled_to_the_end(by_hand), [Poll::Ready(42)]);
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
