//! Deep dive 2.4 — A future is as large as its largest state, and stores an argument twice.

use std::future::pending;

pub fn main() {
    println!("one after the other: {}", bytes(one_after_the_other));
    println!("both at once: {}", bytes(both_at_once));
    println!("an argument: {}", bytes(|| argument([1; 1024])));
    println!("an argument passed on: {}", bytes(|| passed_on([1; 1024])));
    println!("an argument of a block: {}", bytes(|| argument_of_a_block([1; 1024])));
}

/// The size of the future that `make` would return. It is not made: that could overflow the stack.
fn bytes<F: Future>(_make: impl FnOnce() -> F) -> usize {
    size_of::<F>()
}

/// 1 byte: what waits for it holds that, and its own state.
async fn suspend() {
    pending().await
}

async fn one_after_the_other() {
    {
        let a = [1_u8; 1024];
        suspend().await;
        println!("{}", a[0]);
    }
    let b = [1_u8; 1024];
    suspend().await;
    println!("{}", b[0]);
}

async fn both_at_once() {
    let a = [1_u8; 1024];
    suspend().await;
    let b = [1_u8; 1024];
    suspend().await;
    println!("{} {}", a[0], b[0]);
}

/// Stored as it was passed, until the first poll, and again as the variable of the body.
async fn argument(a: [u8; 1024]) {
    suspend().await;
    println!("{}", a[0]);
}

async fn passed_on(a: [u8; 1024]) {
    argument(a).await
}

/// A variable that a block captures is stored once.
#[expect(clippy::manual_async_fn, reason = "an async fn stores its argument twice")]
fn argument_of_a_block(a: [u8; 1024]) -> impl Future<Output = ()> {
    async move {
        suspend().await;
        println!("{}", a[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Waker};

    /// Proves D-0-1, D-2-10.
    #[test]
    fn the_largest_state_counts_and_not_their_sum() {
        assert_eq!(bytes(suspend), 1);
        assert_eq!(bytes(one_after_the_other), 1026);
        assert_eq!(bytes(both_at_once), 2050);
    }

    /// The scope counts, not the last use.
    #[test]
    fn a_variable_that_is_used_up_counts_to_the_end_of_its_scope() {
        async fn used_up_but_in_scope() {
            let a = [1_u8; 1024];
            suspend().await;
            println!("{}", a[0]);
            let b = [1_u8; 1024];
            suspend().await;
            println!("{}", b[0]);
        }
        assert_eq!(bytes(used_up_but_in_scope), 2050);
    }

    /// `println!` borrows what it prints.
    /// Proves D-2-9.
    #[test]
    fn a_variable_used_only_before_the_await_counts_if_it_is_borrowed_in_the_same_scope() {
        async fn in_scope() {
            let a = [1_u8; 1024];
            println!("{}", a[0]);
            suspend().await;
        }
        async fn in_an_inner_scope() {
            {
                let a = [1_u8; 1024];
                println!("{}", a[0]);
            }
            suspend().await;
        }
        async fn used_by_value() {
            let a = [1_u8; 1024];
            println!("{}", i32::from(a[0]) + 1);
            suspend().await;
        }
        assert_eq!(bytes(in_scope), 1026);
        assert_eq!(bytes(in_an_inner_scope), 2);
        assert_eq!(bytes(used_by_value), 2);
    }

    #[test]
    fn of_two_branches_the_larger_counts() {
        async fn branches(large: bool) {
            if large {
                let b = [1_u8; 2048];
                suspend().await;
                println!("{}", b[0]);
            } else {
                let a = [1_u8; 1024];
                suspend().await;
                println!("{}", a[0]);
            }
        }
        // The argument, a bool, takes one byte.
        assert_eq!(bytes(|| branches(true)), 2048 + 3);
    }

    /// Proves D-2-10.
    #[test]
    fn an_argument_by_value_is_stored_twice_and_once_more_in_each_caller() {
        async fn passed_on_again(a: [u8; 1024]) {
            passed_on(a).await
        }
        assert_eq!(bytes(|| argument([1; 1024])), 2 * 1024 + 2);
        assert_eq!(bytes(|| passed_on([1; 1024])), 3 * 1024 + 3);
        assert_eq!(bytes(|| passed_on_again([1; 1024])), 4 * 1024 + 4);
    }

    /// The scope of an argument is the whole function.
    #[test]
    fn an_argument_that_is_used_before_the_await_alone_is_stored_twice_as_well() {
        async fn used_before(a: [u8; 1024]) {
            println!("{}", a[0]);
            suspend().await;
        }
        assert_eq!(bytes(|| used_before([1; 1024])), 2050);
    }

    /// Proves D-2-10.
    #[test]
    fn a_captured_argument_or_one_behind_a_pointer_is_not_stored_twice() {
        async fn in_a_box(a: Box<[u8; 1024]>) {
            suspend().await;
            println!("{}", a[0]);
        }
        assert_eq!(bytes(|| argument_of_a_block([1; 1024])), 1026);
        assert_eq!(bytes(|| in_a_box(Box::new([1; 1024]))), 3 * size_of::<usize>());
    }

    /// Futures that wait at the same time live at the same time: only those add up. The rest is
    /// their two states, two pins, and the closure that borrows the pins.
    #[test]
    fn joined_futures_are_summed() {
        async fn buffer() {
            let a = [1_u8; 1024];
            suspend().await;
            println!("{}", a[0]);
        }
        async fn joined() {
            let (mut first, mut second) = (pin!(buffer()), pin!(buffer()));
            std::future::poll_fn(|cx| {
                assert!(first.as_mut().poll(cx).is_pending());
                second.as_mut().poll(cx)
            })
            .await
        }
        assert_eq!(bytes(buffer), 1026);
        assert_eq!(bytes(joined), (2 * 1026 + 4) + 4 * size_of::<usize>());
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pin!(joined()).poll(&mut cx).is_pending());
    }
}
