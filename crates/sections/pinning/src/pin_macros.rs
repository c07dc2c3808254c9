//! Guide 5.2 — To await a future by reference it must be pinned first: on the stack or on the heap.

use std::pin::pin;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    on_the_stack().await;
    on_the_heap().await;
}

/// `pin!` is the standard library's; `tokio::pin!(future)` does the same to a variable.
async fn on_the_stack() {
    let mut future = pin!(sleep(Duration::from_millis(100)));
    // `&mut future`, so that it would still be there after another branch had won.
    tokio::select! {
        () = &mut future => println!("スリープ完了"),
    }
}

/// A box owns its future: it can be returned, stored, and sent to another thread.
async fn on_the_heap() {
    let boxed_future = Box::pin(async {
        sleep(Duration::from_millis(100)).await;
        println!("Boxed Future 完了");
    });
    boxed_future.await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;
    use std::task::{Context, Waker};
    use tokio::time::Instant;
    use utils::probe::allocations;

    /// Proves G-5.2-1.
    #[tokio::test(start_paused = true)]
    async fn each_takes_100_ms() {
        let start = Instant::now();
        on_the_stack().await;
        assert_eq!(start.elapsed(), Duration::from_millis(100));
        on_the_heap().await;
        assert_eq!(start.elapsed(), Duration::from_millis(200));
    }

    /// Proves D-1-7.
    #[test]
    fn only_the_heap_costs_an_allocation() {
        let eight_bytes = async || [0_u8; 8];
        let mut cx = Context::from_waker(Waker::noop());
        let (count, _) = allocations(|| pin!(eight_bytes()).poll(&mut cx));
        assert_eq!(count, 0);
        let (count, _) = allocations(|| black_box(Box::pin(eight_bytes())).as_mut().poll(&mut cx));
        assert_eq!(count, 1);
    }

    /// By value no pin is needed: `.await` and `select!` pin what they own.
    /// Proves G-5.2-2.
    #[tokio::test(start_paused = true)]
    async fn by_value_nothing_needs_to_be_pinned() {
        tokio::select! {
            () = sleep(Duration::from_millis(100)) => {}
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_pin_macro_of_tokio_does_the_same() {
        let future = sleep(Duration::from_millis(100));
        tokio::pin!(future);
        tokio::select! {
            () = &mut future => {}
        }
        assert!(future.is_elapsed());
    }
}
