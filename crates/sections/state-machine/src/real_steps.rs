//! Guide 2.3 — With async fns as its steps the enum must pin them: they are not `Unpin`.

use pin_project::pin_project;
use std::future::poll_fn;
use std::mem::replace;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

pub fn main() {
    println!("async fn: {:?}", polled_to_the_end(example()));
    println!("by hand:  {:?}", polled_to_the_end(example_by_hand()));
}

async fn example() -> u64 {
    let a = step_one().await;
    let b = step_two(a).await;
    a + b
}

fn example_by_hand() -> impl Future<Output = u64> {
    ExampleFuture::State0 { step_one_future: step_one(), step_two }
}

/// The type of an async fn has no name, so the steps are parameters.
#[pin_project(project = State)]
enum ExampleFuture<A, B> {
    State0 {
        #[pin]
        step_one_future: A,
        step_two: fn(u64) -> B,
    },
    State1 {
        a: u64,
        #[pin]
        step_two_future: B,
    },
    Done,
}

impl<A: Future<Output = u64>, B: Future<Output = u64>> Future for ExampleFuture<A, B> {
    type Output = u64;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        loop {
            let next = match self.as_mut().project() {
                State::State0 { step_one_future, step_two } => match step_one_future.poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(a) => Self::State1 { a, step_two_future: step_two(a) },
                },
                State::State1 { a, step_two_future } => match step_two_future.poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(b) => {
                        let sum = *a + b;
                        self.set(Self::Done);
                        return Poll::Ready(sum);
                    }
                },
                State::Done => panic!("polled after completion"),
            };
            // Allowed although it is pinned: the old state is dropped where it stands, not moved.
            self.set(next);
        }
    }
}

async fn step_one() -> u64 {
    yield_once().await;
    20
}

async fn step_two(a: u64) -> u64 {
    yield_once().await;
    a + 2
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
    use utils::probe::allocations;

    /// Proves G-2.3-2.
    #[test]
    fn both_answer_alike() {
        let expected = [Poll::Pending, Poll::Pending, Poll::Ready(42)];
        assert_eq!(polled_to_the_end(example()), expected);
        assert_eq!(polled_to_the_end(example_by_hand()), expected);
    }

    #[test]
    fn pinned_steps_take_no_allocation() {
        let mut cx = Context::from_waker(Waker::noop());
        let (count, ()) = allocations(|| {
            let mut future = pin!(example_by_hand());
            while future.as_mut().poll(&mut cx).is_pending() {}
        });
        assert_eq!(count, 0);
    }
}
