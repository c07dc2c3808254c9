//! Deep dive 4.3 — `tokio::spawn` takes a future by value and keeps it in place: it needs no pin.

use std::pin::pin;
use std::ptr::addr_of;
use tokio::task::{JoinError, yield_now};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    let task = tokio::spawn(my_async_fn());
    println!("by value, moved between polls: {}", task.await?);

    // Legal, since a pinned box is a future too, but the task needs no box to begin with.
    let fut = Box::pin(my_async_fn());
    let task = tokio::spawn(fut);
    println!("in a box, moved between polls: {}", task.await?);

    // On the stack of this function, which a task might outlive: it can be awaited here alone.
    let fut = pin!(my_async_fn());
    println!("on the stack, moved between polls: {}", fut.await);
    Ok(())
}

/// Returns whether its local variable, and with it the future, has moved.
async fn my_async_fn() -> bool {
    let local = 0;
    let borrowed = &local;
    let before = addr_of!(*borrowed).addr();
    yield_now().await;
    addr_of!(*borrowed).addr() != before
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::Pin;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Poll, Waker};
    use std::thread::{self, ThreadId};
    use tokio::runtime::{Builder, Runtime};
    use utils::probe::allocations;

    fn runtime() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    #[tokio::test]
    async fn no_future_moves_between_its_polls() {
        assert!(!tokio::spawn(my_async_fn()).await.unwrap());
        assert!(!tokio::spawn(Box::pin(my_async_fn())).await.unwrap());
        assert!(!pin!(my_async_fn()).await);
    }

    /// Before: this function; between the polls: whichever worker there is.
    /// Proves D-4-9.
    #[test]
    fn a_future_that_is_spawned_moves_into_its_task_and_then_no_more() {
        let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let seen = Arc::new(Mutex::new(Vec::<(usize, ThreadId)>::new()));
        let log = Arc::clone(&seen);
        let task = async move {
            let local = 0;
            let borrowed = &local;
            for _ in 0..100 {
                log.lock().unwrap().push((addr_of!(*borrowed).addr(), thread::current().id()));
                yield_now().await;
            }
        };
        let (start, size) = (addr_of!(task).addr(), size_of_val(&task));
        runtime.block_on(runtime.spawn(task)).unwrap();
        let seen = seen.lock().unwrap();
        assert!(seen.iter().all(|(address, _)| *address == seen[0].0));
        assert!(!(start..start + size).contains(&seen[0].0), "it was moved once, when spawned");
        assert!(seen.iter().all(|(_, thread)| *thread != thread::current().id()));
    }

    /// The task itself is that one allocation: the future is stored in it, next to its header.
    /// Proves D-4-6.
    #[test]
    fn a_task_is_one_allocation_and_a_box_is_another() {
        let runtime = runtime();
        let _context = runtime.enter();
        // What the first task sets up for all is not to be counted.
        drop(tokio::spawn(async {}));
        let (count, _) = allocations(|| tokio::spawn(async {}));
        assert_eq!(count, 1);
        let (count, _) = allocations(|| tokio::spawn(my_async_fn()));
        assert_eq!(count, 1);
        let (count, _) = allocations(|| tokio::spawn(Box::pin(my_async_fn())));
        assert_eq!(count, 2);
    }

    /// There is a `Box::pin` within `spawn`, for the few futures above 2048 bytes (16,384 in
    /// a release build, as the root's `tests/release.rs` shows).
    /// Proves D-4-6.
    #[test]
    fn only_large_futures_are_boxed_by_spawn() {
        const LIMIT: usize = if cfg!(debug_assertions) { 2048 } else { 16_384 };

        /// Exactly as large as its bytes: it has no other field.
        struct Bytes<const SIZE: usize>([u8; SIZE]);

        impl<const SIZE: usize> Future for Bytes<SIZE> {
            type Output = u8;

            fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u8> {
                Poll::Ready(self.0[0])
            }
        }

        let runtime = runtime();
        let _context = runtime.enter();
        drop(tokio::spawn(async {}));
        let (at_the_limit, _) = allocations(|| tokio::spawn(Bytes([1; LIMIT])));
        let (above, _) = allocations(|| tokio::spawn(Bytes([1; LIMIT + 1])));
        assert_eq!((at_the_limit, above), (1, 2));
    }

    /// A task owns its future, so it may not borrow. A box is owned, whatever it was pinned for.
    /// Proves D-4-5.
    #[tokio::test]
    async fn a_pinned_box_can_be_spawned_although_it_has_been_polled() {
        let polls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&polls);
        let mut fut = Box::pin(async move {
            counted.fetch_add(1, Ordering::SeqCst);
            yield_now().await;
            counted.fetch_add(1, Ordering::SeqCst);
        });
        let mut cx = Context::from_waker(Waker::noop());
        assert!(fut.as_mut().poll(&mut cx).is_pending());
        tokio::spawn(fut).await.unwrap();
        assert_eq!(polls.load(Ordering::SeqCst), 2);
    }
}
