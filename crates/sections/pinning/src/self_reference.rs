//! Guide 5.1 — If a local is borrowed across an `.await`, the future points into itself.

use std::future::ready;
use std::pin::pin;
use std::ptr::addr_of;
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::main]
pub async fn main() {
    let address = AtomicUsize::new(0);
    let mut future = pin!(borrow_across_an_await(&address));
    let start = addr_of!(*future).addr();
    let range = start..start + size_of_val(&*future);

    future.as_mut().await;
    let inside = range.contains(&address.load(Ordering::Relaxed));
    println!("the reference points into the future: {inside}");
}

/// `ref_to_data` is a field of this future, and so is the `Vec` it points to. Moved between two
/// polls, it would point to where the `Vec` was.
async fn borrow_across_an_await(address: &AtomicUsize) {
    let data = vec![1, 2, 3];
    let ref_to_data = &data;
    address.store(addr_of!(*ref_to_data).addr(), Ordering::Relaxed);
    ready(()).await;
    println!("{ref_to_data:?}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::ops::Range;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    fn range_of<T>(value: &T) -> Range<usize> {
        let start = addr_of!(*value).addr();
        start..start + size_of_val(value)
    }

    /// Polls once: `future` is suspended afterwards.
    fn suspend<F: Future<Output = ()>>(future: Pin<&mut F>) {
        assert!(future.poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }

    async fn yield_once() {
        let mut yielded = false;
        poll_fn(
            |_| {
                if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending }
            },
        )
        .await
    }

    /// Proves G-5.1-2, D-0-9.
    #[test]
    fn a_reference_to_a_local_points_into_the_future_and_one_to_its_heap_buffer_does_not() {
        let (to_local, to_buffer) = (Cell::new(0), Cell::new(0));
        let mut future = pin!(async {
            let data = vec![1, 2, 3];
            let (local, buffer) = (&data, &data[0]);
            to_local.set(addr_of!(*local).addr());
            to_buffer.set(addr_of!(*buffer).addr());
            yield_once().await;
            assert_eq!((local.len(), *buffer), (3, 1));
        });
        suspend(future.as_mut());
        let range = range_of(&*future);
        assert!(range.contains(&to_local.get()));
        assert!(!range.contains(&to_buffer.get()));
    }

    /// The address is the same before and after the suspension: pinned, nothing has moved.
    /// Proves G-5.1-3, G-まとめ-1.
    #[test]
    fn a_pinned_future_keeps_its_address_although_its_pin_moves() {
        let seen = Cell::new(0);
        let mut boxed = Box::pin(async {
            let local = 1;
            let reference = &local;
            seen.set(addr_of!(*reference).addr());
            yield_once().await;
            assert_eq!(addr_of!(*reference).addr(), seen.get());
            yield_once().await;
        });
        suspend(boxed.as_mut());
        let before = range_of(&*boxed);
        let mut moved = [boxed];
        assert_eq!(range_of(&*moved[0]), before, "only the pointer has moved");
        suspend(moved[0].as_mut());
    }

    /// The ban begins with the pin: nothing points anywhere before the first poll.
    /// Proves G-5.1-3.
    #[test]
    fn a_future_that_has_not_been_pinned_may_be_moved() {
        let future = async {
            let data = [1, 2, 3];
            let reference = &data;
            yield_once().await;
            assert_eq!(reference, &[1, 2, 3]);
        };
        let moved = Box::new(future);
        let mut pinned = Box::into_pin(moved);
        suspend(pinned.as_mut());
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(pinned.as_mut().poll(&mut cx), Poll::Ready(()));
    }

    /// Pinning prevents this, with indices in place of pointers: the copy points at the original.
    /// Proves G-5.1-2.
    #[test]
    fn a_value_that_knows_its_own_address_is_wrong_once_it_moves() {
        struct Knows {
            own_address: usize,
        }
        let mut knows = Knows { own_address: 0 };
        knows.own_address = addr_of!(knows).addr();
        assert_eq!(knows.own_address, addr_of!(knows).addr());
        let moved = Box::new(knows);
        assert_ne!(moved.own_address, addr_of!(*moved).addr());
    }
}
