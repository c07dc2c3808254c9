//! Deep dive 3.3 — A waker is a pointer and four functions: a future clones it once, or in each poll.
#![expect(unsafe_code, reason = "the four functions of a waker take a raw pointer")]

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, RawWaker, RawWakerVTable, Waker};
use tokio::sync::{mpsc, oneshot};

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    static CALLS: [Calls; 3] = [const { Calls([const { AtomicUsize::new(0) }; 4]) }; 3];
    let (_sender, receiver) = oneshot::channel::<()>();
    println!("oneshot: {}", after_ten_polls(receiver, &CALLS[0]));
    let (_sender, receiver) = oneshot::channel::<()>();
    println!("JoinHandle: {}", after_ten_polls(tokio::spawn(receiver), &CALLS[1]));
    let (_sender, mut receiver) = mpsc::channel::<()>(1);
    println!("mpsc: {}", after_ten_polls(receiver.recv(), &CALLS[2]));
}

fn after_ten_polls(future: impl Future, calls: &'static Calls) -> String {
    let (mut future, waker) = (pin!(future), calls.waker());
    for _ in 0..10 {
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    let [clones, _, _, drops] = calls.counts();
    format!("ten polls, clones: {clones}, drops: {drops}")
}

/// Counts the calls of its wakers, in the order of the table: clone, wake, wake_by_ref, drop.
struct Calls([AtomicUsize; 4]);

/// A static, since `will_wake` compares its address: a constant may have several.
static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, call::<1>, call::<2>, call::<3>);

impl Calls {
    fn waker(&'static self) -> Waker {
        // SAFETY: the functions get the `&'static Calls` that they ask for; it may be on any thread.
        unsafe { Waker::new((&raw const *self).cast(), &VTABLE) }
    }

    fn counts(&self) -> [usize; 4] {
        self.0.each_ref().map(|count| count.load(Ordering::Relaxed))
    }
}

/// # Safety
///
/// Here as in `clone`, `data` is a `&'static Calls`.
unsafe fn call<const FUNCTION: usize>(data: *const ()) {
    // SAFETY: the caller says so.
    let calls = unsafe { &*data.cast::<Calls>() };
    calls.0[FUNCTION].fetch_add(1, Ordering::Relaxed);
}

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the caller says so.
    unsafe { call::<0>(data) };
    RawWaker::new(data, &VTABLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use std::sync::Barrier;
    use std::task::Poll;
    use std::thread;

    /// A counter that outlives its wakers, one a place, and a waker of it.
    macro_rules! calls_and_waker {
        () => {{
            static CALLS: Calls = Calls([const { AtomicUsize::new(0) }; 4]);
            (&CALLS, CALLS.waker())
        }};
    }

    /// Calls by ten polls with a waker that is dropped after them.
    fn ten_polls(future: impl Future, (calls, waker): (&'static Calls, Waker)) -> &'static Calls {
        let mut future = pin!(future);
        for _ in 0..10 {
            assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        calls
    }

    /// Proves D-3-10.
    #[test]
    fn a_oneshot_clones_once_in_ten_polls() {
        let (_sender, mut receiver) = oneshot::channel::<()>();
        let calls = ten_polls(&mut receiver, calls_and_waker!());
        assert_eq!(calls.counts(), [1, 0, 0, 1]);
        drop(receiver);
        assert_eq!(calls.counts(), [1, 0, 0, 2]);
    }

    #[tokio::test]
    async fn a_join_handle_clones_once_in_ten_polls() {
        let (sender, receiver) = oneshot::channel::<()>();
        let mut handle = tokio::spawn(receiver);
        let calls = ten_polls(&mut handle, calls_and_waker!());
        assert_eq!(calls.counts(), [1, 0, 0, 1]);
        // By this await the test's own waker takes the place of the one that is counted.
        drop(sender);
        assert!(handle.await.unwrap().is_err());
        assert_eq!(calls.counts(), [1, 0, 0, 2]);
    }

    /// Proves D-3-10.
    #[test]
    fn an_mpsc_clones_in_each_of_ten_polls() {
        let (sender, mut receiver) = mpsc::channel::<()>(1);
        let calls = ten_polls(receiver.recv(), calls_and_waker!());
        assert_eq!(calls.counts(), [10, 0, 0, 9 + 1], "each clone takes the place of the last");
        drop((sender, receiver));
        // The end of the last sender wakes, which takes the place of a drop.
        assert_eq!(calls.counts(), [10, 1, 0, 9 + 1]);
    }

    /// The waker of a `Context` is borrowed: who does not keep it costs no clone.
    #[test]
    fn a_context_clones_nothing() {
        assert_eq!(ten_polls(pending::<()>(), calls_and_waker!()).counts(), [0, 0, 0, 1]);
    }

    #[test]
    fn a_channel_wakes_the_waker_of_no_runtime() {
        let (calls, waker) = calls_and_waker!();
        let mut cx = Context::from_waker(&waker);
        let (sender, receiver) = oneshot::channel();
        let mut receiver = pin!(receiver);
        assert!(receiver.as_mut().poll(&mut cx).is_pending());
        sender.send(7).unwrap();
        let [_, wakes, wakes_by_ref, _] = calls.counts();
        assert_eq!(wakes + wakes_by_ref, 1);
        assert_eq!(receiver.poll(&mut cx), Poll::Ready(Ok(7)));
    }

    /// Proves D-3-5.
    #[test]
    fn each_method_calls_its_function_and_wake_takes_the_place_of_drop() {
        let (calls, waker) = calls_and_waker!();
        assert_eq!(calls.counts(), [0, 0, 0, 0]);
        let clone = waker.clone();
        assert_eq!(calls.counts(), [1, 0, 0, 0]);
        waker.wake_by_ref();
        assert_eq!(calls.counts(), [1, 0, 1, 0]);
        clone.wake();
        assert_eq!(calls.counts(), [1, 1, 1, 0]);
        drop(waker);
        assert_eq!(calls.counts(), [1, 1, 1, 1]);
    }

    #[test]
    fn clone_from_clones_nothing_if_the_same_task_would_be_woken() {
        let ((a, mut kept), (b, other)) = (calls_and_waker!(), calls_and_waker!());
        let same = kept.clone();
        assert!(kept.will_wake(&same));
        kept.clone_from(&same);
        assert_eq!(a.counts(), [1, 0, 0, 0]);

        assert!(!kept.will_wake(&other));
        kept.clone_from(&other);
        assert_eq!((a.counts(), b.counts()), ([1, 0, 0, 1], [1, 0, 0, 0]));
    }

    #[test]
    fn a_waker_is_its_pointer_and_its_table() {
        let (calls, waker) = calls_and_waker!();
        assert_eq!(waker.data(), (&raw const *calls).cast());
        assert!(std::ptr::eq(waker.vtable(), &VTABLE));
        let word = size_of::<usize>();
        assert_eq!((size_of::<Waker>(), size_of::<RawWaker>()), (2 * word, 2 * word));
        assert_eq!(size_of::<RawWakerVTable>(), 4 * word);
    }

    #[test]
    fn clones_may_be_woken_and_dropped_on_any_thread() {
        let (calls, waker) = calls_and_waker!();
        let together = Barrier::new(4);
        thread::scope(|scope| {
            for _ in 0..4 {
                let (clone, together) = (waker.clone(), &together);
                scope.spawn(move || {
                    together.wait();
                    for _ in 0..25 {
                        let [woken, dropped] = [clone.clone(), clone.clone()];
                        woken.wake();
                        drop(dropped);
                    }
                });
            }
        });
        drop(waker);
        assert_eq!(calls.counts(), [204, 100, 0, 105]);
    }
}
