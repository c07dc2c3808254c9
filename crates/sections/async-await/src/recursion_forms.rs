//! Guide 3.5 — Each form of recursion needs one box per level; a loop needs none.

use futures::future::BoxFuture;

#[tokio::main]
pub async fn main() {
    println!("at the call: {}", boxed_at_the_call(10).await);
    println!("by the function: {}", boxed_by_the_function(10).await);
    println!("by the crate: {}", boxed_by_the_crate(10).await);
    println!("in a loop: {}", in_a_loop(10).await);
}

/// Today's form, and the shortest: the caller may await the first level without a box.
async fn boxed_at_the_call(n: u64) -> u64 {
    if n == 0 {
        return leaf().await;
    }
    n + Box::pin(boxed_at_the_call(n - 1)).await
}

/// The form for a trait object or a function pointer. `BoxFuture` promises `Send`, and may: the
/// promise stands in the signature, where the compiler need not look into the body for it.
fn boxed_by_the_function(n: u64) -> BoxFuture<'static, u64> {
    Box::pin(async move {
        if n == 0 {
            return leaf().await;
        }
        n + boxed_by_the_function(n - 1).await
    })
}

/// Writes the form above. Without a `;` after the last call, or there would be nothing to return.
#[async_recursion::async_recursion]
async fn boxed_by_the_crate(n: u64) -> u64 {
    if n == 0 {
        return leaf().await;
    }
    n + boxed_by_the_crate(n - 1).await
}

/// A box solves the size of the future only. Each poll still descends through all levels, on the
/// stack of the thread. Input that decides on the depth is safe in a loop.
async fn in_a_loop(n: u64) -> u64 {
    let mut sum = leaf().await;
    for n in 1..=n {
        sum += n;
    }
    sum
}

async fn leaf() -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use std::time::Duration;
    use utils::probe::{Polls, allocations, in_child};

    fn run<F: Future>(future: F) -> F::Output {
        let mut cx = Context::from_waker(Waker::noop());
        match pin!(future).poll(&mut cx) {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("its leaf is ready"),
        }
    }

    /// Proves G-3.5-2, G-3.5-4.
    #[test]
    fn each_level_is_one_box_and_a_loop_has_none() {
        assert_eq!(allocations(|| run(boxed_at_the_call(10))), (10, 55));
        assert_eq!(allocations(|| run(boxed_by_the_function(10))), (11, 55));
        assert_eq!(allocations(|| run(boxed_by_the_crate(10))), (11, 55));
        assert_eq!(allocations(|| run(in_a_loop(10))), (0, 55));
    }

    /// Proves G-3.5-3.
    #[tokio::test]
    async fn every_form_can_be_spawned() {
        let sums = [
            tokio::spawn(boxed_at_the_call(10)),
            tokio::spawn(boxed_by_the_function(10)),
            tokio::spawn(boxed_by_the_crate(10)),
            tokio::spawn(in_a_loop(10)),
        ];
        for sum in sums {
            assert_eq!(sum.await.unwrap(), 55);
        }
    }

    #[tokio::test]
    async fn each_poll_descends_through_every_level() {
        async fn descend(n: u64, polls: &Polls) {
            if n == 0 {
                return tokio::task::yield_now().await;
            }
            polls.of(Box::pin(descend(n - 1, polls))).await;
        }
        let polls = Polls::new();
        descend(10, &polls).await;
        assert_eq!(polls.count(), 2 * 10);
    }

    /// Proves G-3.5-2.
    #[test]
    fn a_recursion_deep_enough_overflows_the_stack_although_boxed() {
        let ended = in_child(Duration::from_secs(2), || {
            // The stack of a Tokio worker.
            let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
            let thread = thread.spawn(|| run(boxed_at_the_call(1_000_000)));
            thread.unwrap().join().unwrap();
        });
        assert!(!ended.status.success() && !ended.hung, "{ended:#?}");
        assert!(ended.stderr.contains("has overflowed its stack"));
    }

    #[test]
    fn a_loop_is_as_deep_as_one_likes() {
        assert_eq!(run(in_a_loop(1_000_000)), 500_000_500_000);
    }
}
