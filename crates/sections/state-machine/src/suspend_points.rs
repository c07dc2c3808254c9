//! Deep dive 2.3 — Each suspend point is a state; a poll goes from one state to the next.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

pub fn main() {
    let mut machine = Example::Start;
    for _ in 0..3 {
        let before = machine.name();
        let answer = machine.poll(&mut Context::from_waker(Waker::noop()));
        println!("{before} → {}: {answer:?}", machine.name());
    }
}

/// The machine of `let x = step(0).await; let y = step(x).await; x + y`.
enum Example {
    Start,
    Awaiting1 { fut: Fut },
    Awaiting2 { x: u32, fut: Fut },
    Done,
}

/// The future of an async fn has a type without a name. The compiler's machine needs no box.
type Fut = Pin<Box<dyn Future<Output = u32>>>;

impl Example {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<u32> {
        loop {
            *self = match self {
                Self::Start => Self::Awaiting1 { fut: Box::pin(step(0)) },
                Self::Awaiting1 { fut } => {
                    let x = ready!(fut.as_mut().poll(cx));
                    Self::Awaiting2 { x, fut: Box::pin(step(x)) }
                }
                Self::Awaiting2 { x, fut } => {
                    let sum = *x + ready!(fut.as_mut().poll(cx));
                    *self = Self::Done;
                    return Poll::Ready(sum);
                }
                Self::Done => panic!("polled after completion"),
            };
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Awaiting1 { .. } => "Awaiting1",
            Self::Awaiting2 { .. } => "Awaiting2",
            Self::Done => "Done",
        }
    }
}

async fn step(x: u32) -> u32 {
    let mut polls = 0..2;
    poll_fn(|_| if polls.next() == Some(0) { Poll::Pending } else { Poll::Ready(x + 1) }).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::pin;

    async fn example() -> u32 {
        let x = step(0).await;
        let y = step(x).await;
        x + y
    }

    async fn by_hand(mut machine: Example) -> u32 {
        poll_fn(|cx| machine.poll(cx)).await
    }

    fn polled_to_the_end<T>(future: impl Future<Output = T>) -> Vec<Poll<T>> {
        let mut future = pin!(future);
        let mut cx = Context::from_waker(Waker::noop());
        let mut answers = Vec::new();
        while !answers.last().is_some_and(Poll::is_ready) {
            answers.push(future.as_mut().poll(&mut cx));
        }
        answers
    }

    /// Proves D-1-3, D-2-4.
    #[test]
    fn both_take_three_polls_to_their_three() {
        let expected = [Poll::Pending, Poll::Pending, Poll::Ready(3)];
        assert_eq!(polled_to_the_end(example()), expected);
        assert_eq!(polled_to_the_end(by_hand(Example::Start)), expected);
    }

    /// Proves D-1-2, D-2-5, D-2-6, D-13-1, D-19-1.
    #[test]
    fn a_poll_ends_in_the_state_of_the_next_suspend_point() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = Example::Start;
        let mut states = vec![future.name()];
        while future.poll(&mut cx).is_pending() {
            states.push(future.name());
        }
        states.push(future.name());
        assert_eq!(states, ["Start", "Awaiting1", "Awaiting2", "Done"]);
    }

    /// An `.await` is a suspend point only if the future it waits for is not ready.
    /// Proves D-2-7.
    #[test]
    fn a_poll_goes_as_far_as_it_can() {
        let all_ready = async {
            for _ in 0..2000 {
                ready(()).await;
            }
        };
        assert_eq!(polled_to_the_end(all_ready), [Poll::Ready(())]);

        let three_not_ready = async {
            for _ in 0..3 {
                ready(()).await;
                step(0).await;
            }
        };
        assert_eq!(polled_to_the_end(three_not_ready).len(), 4);

        let skips_one = Example::Awaiting1 { fut: Box::pin(ready(1)) };
        assert_eq!(polled_to_the_end(by_hand(skips_one)), [Poll::Pending, Poll::Ready(3)]);
    }

    /// With `Start` and `Done` it has as many states as suspend points and three more.
    /// Proves G-2.3-3, D-1-2, D-2-6.
    #[test]
    fn the_compiled_machine_has_one_more_state_for_having_panicked() {
        let mut future = Box::pin(async {
            step(0).await;
            panic!("on purpose");
        });
        let mut poll = || {
            let mut cx = Context::from_waker(Waker::noop());
            catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut cx)))
        };
        assert!(poll().unwrap().is_pending());
        poll().unwrap_err();
        let again = poll().unwrap_err();
        let text = again.downcast_ref::<&str>().unwrap();
        assert_eq!(*text, "`async fn` resumed after panicking");
    }

    #[test]
    #[should_panic = "polled after completion"]
    fn the_enum_panics_when_polled_after_its_end() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut machine = Example::Start;
        for _ in 0..4 {
            // Only whether it panics matters.
            let _ = machine.poll(&mut cx);
        }
    }
}
