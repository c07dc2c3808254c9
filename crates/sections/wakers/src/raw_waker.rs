//! Deep dive 3.3 — A waker is a pointer and four functions: a future clones it once, or in every poll.
#![expect(unsafe_code, reason = "the four functions of a waker take a raw pointer")]

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, RawWaker, RawWakerVTable, Waker};
use tokio::sync::{mpsc, oneshot};

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let (_sender, receiver) = oneshot::channel::<()>();
    println!("oneshot: {}", after_ten_polls(receiver));

    let (_sender, receiver) = oneshot::channel::<()>();
    println!("JoinHandle: {}", after_ten_polls(tokio::spawn(receiver)));

    let (_sender, mut receiver) = mpsc::channel::<()>(1);
    println!("mpsc: {}", after_ten_polls(receiver.recv()));
}

fn after_ten_polls(future: impl Future) -> String {
    let calls = Arc::<Calls>::default();
    let waker = calls.waker();
    let mut future = pin!(future);
    for _ in 0..10 {
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    let [clones, _, _, drops] = calls.counts();
    format!("ten polls, clones: {clones}, drops: {drops}")
}

/// What has been called of its wakers.
#[derive(Default)]
struct Calls {
    clones: AtomicUsize,
    wakes: AtomicUsize,
    wakes_by_ref: AtomicUsize,
    drops: AtomicUsize,
}

/// A static, since `will_wake` compares its address: a constant may have several.
static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

impl Calls {
    /// A waker that owns one reference to `self`.
    fn waker(self: &Arc<Self>) -> Waker {
        let data = Arc::into_raw(Arc::clone(self)).cast();
        // SAFETY: `data` is what the four functions ask for, an `Arc<Calls>` made a pointer, and
        // they may be called from any thread, since `Calls` is `Send` and `Sync`.
        unsafe { Waker::new(data, &VTABLE) }
    }

    /// In the order of the table: clone, wake, wake_by_ref, drop.
    fn counts(&self) -> [usize; 4] {
        [&self.clones, &self.wakes, &self.wakes_by_ref, &self.drops]
            .map(|count| count.load(Ordering::Relaxed))
    }
}

/// # Safety
///
/// As in all four, `data` is from `Arc::<Calls>::into_raw` and its reference has not been given up.
unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the reference of the waker that is cloned keeps the `Calls` alive during this call.
    let calls = unsafe { &*data.cast::<Calls>() };
    calls.clones.fetch_add(1, Ordering::Relaxed);
    // SAFETY: as above. The new reference is the new waker's.
    unsafe { Arc::increment_strong_count(data.cast::<Calls>()) };
    RawWaker::new(data, &VTABLE)
}

/// Takes the waker: `drop_waker` is not called for it, so the reference ends here.
///
/// # Safety
///
/// See `clone`. Afterwards the reference has been given up.
unsafe fn wake(data: *const ()) {
    // SAFETY: the caller gives the waker's reference to this `Arc`.
    let calls = unsafe { Arc::from_raw(data.cast::<Calls>()) };
    calls.wakes.fetch_add(1, Ordering::Relaxed);
}

/// # Safety
///
/// See `clone`.
unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the reference of the waker, which stays, keeps the `Calls` alive during this call.
    let calls = unsafe { &*data.cast::<Calls>() };
    calls.wakes_by_ref.fetch_add(1, Ordering::Relaxed);
}

/// # Safety
///
/// See `clone`. Afterwards the reference has been given up.
unsafe fn drop_waker(data: *const ()) {
    // SAFETY: the caller gives the waker's reference to this `Arc`.
    let calls = unsafe { Arc::from_raw(data.cast::<Calls>()) };
    calls.drops.fetch_add(1, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use std::sync::Barrier;
    use std::task::Poll;
    use std::thread;

    fn calls_and_waker() -> (Arc<Calls>, Waker) {
        let calls = Arc::<Calls>::default();
        let waker = calls.waker();
        (calls, waker)
    }

    /// What ten polls by a waker call, which is dropped after them.
    fn ten_polls(future: impl Future) -> Arc<Calls> {
        let (calls, waker) = calls_and_waker();
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
        let calls = ten_polls(&mut receiver);
        assert_eq!(calls.counts(), [1, 0, 0, 1]);
        drop(receiver);
        assert_eq!((calls.counts(), Arc::strong_count(&calls)), ([1, 0, 0, 2], 1));
    }

    #[tokio::test]
    async fn a_join_handle_clones_once_in_ten_polls() {
        let (sender, receiver) = oneshot::channel::<()>();
        let mut handle = tokio::spawn(receiver);
        let calls = ten_polls(&mut handle);
        assert_eq!(calls.counts(), [1, 0, 0, 1]);
        // By this await the test's own waker takes the place of the one that is counted.
        drop(sender);
        assert!(handle.await.unwrap().is_err());
        assert_eq!((calls.counts(), Arc::strong_count(&calls)), ([1, 0, 0, 2], 1));
    }

    /// Proves D-3-10.
    #[test]
    fn an_mpsc_clones_in_each_of_ten_polls() {
        let (sender, mut receiver) = mpsc::channel::<()>(1);
        let calls = ten_polls(receiver.recv());
        assert_eq!(calls.counts(), [10, 0, 0, 9 + 1], "each clone takes the place of the last");
        drop((sender, receiver));
        assert_eq!(Arc::strong_count(&calls), 1);
    }

    /// The waker of a `Context` is borrowed: who does not keep it costs no clone.
    #[test]
    fn a_context_clones_nothing() {
        assert_eq!(ten_polls(pending::<()>()).counts(), [0, 0, 0, 1]);
    }

    #[test]
    fn a_channel_wakes_the_waker_of_no_runtime() {
        let (calls, waker) = calls_and_waker();
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
        let (calls, waker) = calls_and_waker();
        assert_eq!((calls.counts(), Arc::strong_count(&calls)), ([0, 0, 0, 0], 2));
        let clone = waker.clone();
        assert_eq!((calls.counts(), Arc::strong_count(&calls)), ([1, 0, 0, 0], 3));
        waker.wake_by_ref();
        assert_eq!((calls.counts(), Arc::strong_count(&calls)), ([1, 0, 1, 0], 3));
        clone.wake();
        assert_eq!((calls.counts(), Arc::strong_count(&calls)), ([1, 1, 1, 0], 2));
        drop(waker);
        assert_eq!((calls.counts(), Arc::strong_count(&calls)), ([1, 1, 1, 1], 1));
    }

    #[test]
    fn clone_from_clones_nothing_if_the_same_task_would_be_woken() {
        let ((a, mut kept), (b, other)) = (calls_and_waker(), calls_and_waker());
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
        let (calls, waker) = calls_and_waker();
        assert_eq!(waker.data(), Arc::as_ptr(&calls).cast());
        assert!(std::ptr::eq(waker.vtable(), &VTABLE));
        let word = size_of::<usize>();
        assert_eq!((size_of::<Waker>(), size_of::<RawWaker>()), (2 * word, 2 * word));
        assert_eq!(size_of::<RawWakerVTable>(), 4 * word);
    }

    #[test]
    fn clones_may_be_woken_and_dropped_on_any_thread() {
        let (calls, waker) = calls_and_waker();
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
        assert_eq!((calls.counts(), Arc::strong_count(&calls)), ([204, 100, 0, 105], 1));
    }
}
