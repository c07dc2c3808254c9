//! Deep dive 4.2 — A pin may move; the value behind it does not move until it is dropped.

use std::pin::Pin;
use std::ptr::addr_of;
use std::task::{Context, Waker};
use tokio::task::yield_now;

pub fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut first = Box::pin(two_polls("first"));
    // Suspended: from here on the future may point into itself.
    assert!(first.as_mut().poll(&mut cx).is_pending());
    let before = address(&first);
    let pin_was = addr_of!(first).addr();

    let mut moved = Vec::from([first]);
    let pin = &mut moved[0];
    println!("the pin has moved: {}", addr_of!(*pin).addr() != pin_was);
    println!("the future has moved: {}", address(pin) != before);
    assert!(pin.as_mut().poll(&mut cx).is_ready());

    // A new one may take its place: that is the old one's end, and no move.
    pin.set(two_polls("second"));
    println!("the new one is elsewhere: {}", address(pin) != before);
    while pin.as_mut().poll(&mut cx).is_pending() {}
}

async fn two_polls(name: &str) {
    let local = name.len();
    let borrowed = &local;
    yield_now().await;
    println!("{name}: {borrowed}");
}

fn address<F>(future: &Pin<Box<F>>) -> usize {
    addr_of!(**future).addr()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::thread;
    use utils::probe::DropLog;

    /// Proves D-4-3, D-18-4.
    #[test]
    fn a_moved_pin_points_to_the_same_place() {
        let future = Box::pin(two_polls("one"));
        let before = address(&future);
        let moved = thread::spawn(move || vec![future]).join().unwrap();
        assert_eq!(address(&moved[0]), before);
        assert_eq!(size_of_val(&moved[0]), size_of::<usize>(), "all that has been moved");
    }

    /// A pinned value keeps its place to the end of its drop.
    /// Proves D-18-4.
    #[test]
    fn set_drops_the_old_value_before_the_new_one_takes_its_place() {
        let log = DropLog::new();
        let waits = |name| {
            let guard = log.guard(name);
            async move {
                pending::<()>().await;
                drop(guard);
            }
        };
        let mut future = Box::pin(waits("old"));
        let before = address(&future);
        future.set(waits("new"));
        assert_eq!((log.entries(), address(&future)), (vec!["old"], before));
        drop(future);
        assert_eq!(log.entries(), ["old", "new"]);
    }

    /// An `Unpin` value is not held by its pin: `Pin` says nothing about it.
    /// Proves G-5.1-4, D-4-3, D-4-7, D-18-4.
    #[test]
    fn an_unpin_future_may_be_taken_out_of_its_pin() {
        let mut future = Box::pin(ready(42));
        let before = address(&future);
        let taken = std::mem::replace(future.as_mut().get_mut(), ready(43));
        assert_ne!(addr_of!(taken).addr(), before);
        assert_eq!((taken.into_inner(), Pin::into_inner(future).into_inner()), (42, 43));
    }
}
