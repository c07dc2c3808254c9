//! Guide 2.3 — If its steps are async fns, the enum must pin them, because they are not `Unpin`.

use pin_project::pin_project;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};

pub fn main() {
    println!("async fn: {:?}", answers(example()));
    println!("by hand:  {:?}", answers(example_by_hand()));
}

async fn example() -> u64 {
    step_one().await + 22
}

fn example_by_hand() -> impl Future<Output = u64> {
    ExampleFuture::State0 { step_one_future: step_one() }
}

/// Is like `by_hand`, with one step. The type of an async fn has no name, so it is a parameter.
#[pin_project(project = State)]
enum ExampleFuture<A> {
    State0 {
        #[pin]
        step_one_future: A,
    },
    Done,
}

impl<A: Future<Output = u64>> Future for ExampleFuture<A> {
    type Output = u64;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        match self.as_mut().project() {
            State::State0 { step_one_future } => {
                let a = ready!(step_one_future.poll(cx));
                // Allowed although it is pinned: the old state is dropped where it stands.
                self.set(Self::Done);
                Poll::Ready(a + 22)
            }
            State::Done => panic!("polled after completion"),
        }
    }
}

async fn step_one() -> u64 {
    let mut polls = 0..2;
    poll_fn(|_| if polls.next() == Some(0) { Poll::Pending } else { Poll::Ready(20) }).await
}

fn answers(future: impl Future<Output = u64>) -> [Poll<u64>; 2] {
    let mut future = pin!(future);
    [(); 2].map(|()| future.as_mut().poll(&mut Context::from_waker(Waker::noop())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use utils::probe::allocations;

    /// Proves G-2.3-2.
    #[test]
    fn both_answer_alike() {
        let expected = [Poll::Pending, Poll::Ready(42)];
        assert_eq!(answers(example()), expected);
        assert_eq!(answers(example_by_hand()), expected);
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
