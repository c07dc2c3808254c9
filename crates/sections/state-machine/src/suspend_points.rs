//! Deep dive 2.3 — Each suspend point is a state, and a poll leads from one state to the next.

use pin_project::pin_project;
use std::future::poll_fn;
use std::mem::replace;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

pub fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut compiled = pin!(example());
    let mut written = pin!(Example::Start { read_value, compute });
    loop {
        let answer = compiled.as_mut().poll(&mut cx);
        let before = written.name();
        let same = written.as_mut().poll(&mut cx);
        println!("async fn: {answer:?}, enum: {same:?}, {before} → {}", written.name());
        if answer.is_ready() || same.is_ready() {
            break;
        }
    }
}

async fn example() -> u32 {
    let x = read_value().await;
    let y = compute(x).await;
    x + y
}

/// The futures of async fns have types without a name: `impl Future` cannot be written in a field.
#[pin_project(project = State)]
enum Example<F1, F2> {
    /// Nothing has been called. The compiled machine knows its callees; this one is told.
    Start {
        read_value: fn() -> F1,
        compute: fn(u32) -> F2,
    },
    Awaiting1 {
        #[pin]
        fut: F1,
        compute: fn(u32) -> F2,
    },
    Awaiting2 {
        x: u32,
        #[pin]
        fut: F2,
    },
    Done,
}

impl<F1: Future<Output = u32>, F2: Future<Output = u32>> Future for Example<F1, F2> {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        loop {
            let next = match self.as_mut().project() {
                State::Start { read_value, compute } => {
                    Self::Awaiting1 { fut: read_value(), compute: *compute }
                }
                State::Awaiting1 { fut, compute } => match fut.poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(x) => Self::Awaiting2 { x, fut: compute(x) },
                },
                State::Awaiting2 { x, fut } => match fut.poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(y) => {
                        let sum = *x + y;
                        self.set(Self::Done);
                        return Poll::Ready(sum);
                    }
                },
                State::Done => panic!("polled after completion"),
            };
            self.set(next);
        }
    }
}

impl<F1, F2> Example<F1, F2> {
    fn name(&self) -> &'static str {
        match self {
            Self::Start { .. } => "Start",
            Self::Awaiting1 { .. } => "Awaiting1",
            Self::Awaiting2 { .. } => "Awaiting2",
            Self::Done => "Done",
        }
    }
}

async fn read_value() -> u32 {
    yield_once().await;
    1
}

async fn compute(x: u32) -> u32 {
    yield_once().await;
    x + 1
}

async fn yield_once() {
    let mut yielded = false;
    poll_fn(|cx| {
        if replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;
    use std::panic::{AssertUnwindSafe, catch_unwind};

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
        assert_eq!(polled_to_the_end(Example::Start { read_value, compute }), expected);
    }

    /// Proves D-1-2, D-2-5, D-2-6, D-13-1, D-19-1.
    #[test]
    fn a_poll_ends_in_the_state_of_the_next_suspend_point() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = pin!(Example::Start { read_value, compute });
        let mut states = vec![future.name()];
        while future.as_mut().poll(&mut cx).is_pending() {
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
                yield_once().await;
            }
        };
        assert_eq!(polled_to_the_end(three_not_ready).len(), 4);

        let x = || ready(1);
        let skips_both = Example::Start { read_value: x, compute: |x| ready(x + 1) };
        assert_eq!(polled_to_the_end(skips_both), [Poll::Ready(3)]);
    }

    /// With `Start` and `Done` it has as many states as suspend points and three more.
    /// Proves G-2.3-3, D-1-2, D-2-6.
    #[test]
    fn the_compiled_machine_has_one_more_state_for_having_panicked() {
        let mut future = Box::pin(async {
            yield_once().await;
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
        let mut future = pin!(Example::Start { read_value, compute });
        for _ in 0..4 {
            // Only whether it panics matters.
            let _ = future.as_mut().poll(&mut cx);
        }
    }
}
