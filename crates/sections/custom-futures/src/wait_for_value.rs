//! Guide 2.4 — A setter wakes the task that waits for its value, and holds no lock meanwhile.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::{thread, time::Duration};

#[tokio::main]
pub async fn main() {
    let shared = Arc::<Mutex<SharedState>>::default();
    let value = WaitForValue { shared: Arc::clone(&shared) };
    // Not a task: a waker may be called from any thread.
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(20));
        set_value(&shared, "hello".to_string());
    });
    println!("value: {:?}", value.await);
}

#[derive(Default)]
struct SharedState {
    completed: bool,
    value: Option<String>,
    /// Of the last poller: the future may have moved on to another task.
    waker: Option<Waker>,
}

struct WaitForValue {
    shared: Arc<Mutex<SharedState>>,
}

impl Future for WaitForValue {
    /// `None` if it is polled again after the value has been taken.
    type Output = Option<String>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<String>> {
        // `clone` and `drop` of a waker run foreign code, which may call `set_value`.
        let waker = cx.waker().clone();
        let mut state = self.shared.lock().unwrap();
        if state.completed {
            return Poll::Ready(state.value.take());
        }
        let _old = state.waker.replace(waker);
        drop(state);
        Poll::Pending
    }
}

fn set_value(shared: &Mutex<SharedState>, value: String) {
    let mut state = shared.lock().unwrap();
    state.value = Some(value);
    state.completed = true;
    let waker = state.waker.take();
    // `wake` runs foreign code as well: an executor that polls at once would lock again.
    drop(state);
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::ptr;
    use std::sync::{Barrier, mpsc};
    use std::task::{RawWaker, RawWakerVTable, Wake};
    use tokio::time::timeout;
    use utils::probe::{CountingWaker, DropLog, Polls};

    /// The document's version.
    mod document {
        use std::pin::Pin;
        use std::sync::{Arc, Mutex};
        use std::task::{Context, Poll, Waker};

        #[derive(Default)]
        pub struct SharedState {
            completed: bool,
            value: Option<String>,
            waker: Option<Waker>,
        }

        pub struct WaitForValue {
            pub shared: Arc<Mutex<SharedState>>,
        }

        impl Future for WaitForValue {
            type Output = String;

            fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
                let mut state = self.shared.lock().unwrap();
                if state.completed {
                    Poll::Ready(state.value.take().unwrap())
                } else {
                    state.waker = Some(cx.waker().clone());
                    Poll::Pending
                }
            }
        }

        pub fn set_value(shared: &Arc<Mutex<SharedState>>, value: String) {
            let mut state = shared.lock().unwrap();
            state.value = Some(value);
            state.completed = true;
            if let Some(waker) = state.waker.take() {
                waker.wake();
            }
        }

        pub fn wait_for_value() -> (Arc<Mutex<SharedState>>, WaitForValue) {
            let shared = Arc::<Mutex<SharedState>>::default();
            (Arc::clone(&shared), WaitForValue { shared })
        }
    }

    fn wait_for_value() -> (Arc<Mutex<SharedState>>, WaitForValue) {
        let shared = Arc::<Mutex<SharedState>>::default();
        (Arc::clone(&shared), WaitForValue { shared })
    }

    fn poll_with<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
        Pin::new(future).poll(&mut Context::from_waker(waker))
    }

    type Setting = Box<dyn FnOnce(String) + Send>;
    type Waiting = Pin<Box<dyn Future<Output = Option<String>> + Send>>;

    /// The pair of this file and that of the document.
    fn pairs() -> [fn() -> (Setting, Waiting); 2] {
        [
            || {
                let (shared, value) = wait_for_value();
                (Box::new(move |value| set_value(&shared, value)), Box::pin(value))
            },
            || {
                let (shared, value) = document::wait_for_value();
                let set = move |value| document::set_value(&shared, value);
                (Box::new(set), Box::pin(async { Some(value.await) }))
            },
        ]
    }

    #[derive(Clone)]
    struct Unpark(DropLog, thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.note("wake");
            self.1.unpark();
        }
    }

    /// The five steps of the guide, with an executor that parks and a thread as the reactor.
    /// Proves G-2.4-1.
    #[test]
    fn poll_pending_wake_poll_ready() {
        let log = DropLog::new();
        let waker = Waker::from(Arc::new(Unpark(log.clone(), thread::current())));
        let (shared, mut value) = wait_for_value();
        let (event, events) = mpsc::channel();
        let reactor = thread::spawn(move || {
            events.recv().unwrap();
            set_value(&shared, "value".to_string());
        });
        let answer = loop {
            log.note("poll");
            match poll_with(&mut value, &waker) {
                Poll::Ready(answer) => break answer,
                Poll::Pending => {
                    log.note("pending");
                    event.send(()).unwrap();
                    while *log.entries().last().unwrap() != "wake" {
                        thread::park();
                    }
                }
            }
        };
        log.note("ready");
        reactor.join().unwrap();
        assert_eq!(answer.unwrap(), "value");
        assert_eq!(log.entries(), ["poll", "pending", "wake", "poll", "ready"]);
    }

    /// Proves G-2.4-2.
    #[tokio::test]
    async fn a_value_set_first_takes_one_poll_and_one_set_later_two() {
        for pair in pairs() {
            let polls = Polls::new();
            let (set_value, value) = pair();
            set_value("first".to_string());
            assert_eq!(polls.of(value).await.unwrap(), "first");
            assert_eq!(polls.count(), 1);

            let polls = Polls::new();
            let (set_value, value) = pair();
            let waiting = tokio::spawn(polls.of(value));
            tokio::task::yield_now().await;
            assert_eq!(polls.count(), 1);
            set_value("later".to_string());
            assert_eq!(waiting.await.unwrap().unwrap(), "later");
            assert_eq!(polls.count(), 2);
        }
    }

    /// Proves G-2.4-2.
    #[tokio::test]
    async fn no_wake_up_is_lost_when_setting_and_polling_race() {
        let start = Arc::new(Barrier::new(2));
        let (setters, queue) = mpsc::channel::<Setting>();
        let line = Arc::clone(&start);
        let thread = thread::spawn(move || {
            for set_value in queue {
                let value = "value".to_string();
                line.wait();
                set_value(value);
            }
        });
        for pair in pairs() {
            for _ in 0..1000 {
                let (set_value, value) = pair();
                setters.send(set_value).unwrap();
                start.wait();
                assert_eq!(value.await.unwrap(), "value");
            }
        }
        drop(setters);
        thread.join().unwrap();
    }

    /// Proves G-2.4-3.
    #[test]
    fn only_the_last_poller_is_woken() {
        for pair in pairs() {
            let ((first, first_waker), (last, last_waker)) =
                (CountingWaker::new(), CountingWaker::new());
            let (set_value, mut value) = pair();
            assert!(poll_with(&mut value, &first_waker).is_pending());
            assert!(poll_with(&mut value, &last_waker).is_pending());
            set_value("value".to_string());
            assert_eq!((first.wakes(), last.wakes()), (0, 1));
        }
    }

    #[test]
    fn a_poll_after_the_end_has_an_answer() {
        let (shared, mut value) = wait_for_value();
        set_value(&shared, "value".to_string());
        let answers = [(); 3].map(|()| poll_with(&mut value, Waker::noop()));
        let value = Poll::Ready(Some("value".to_string()));
        assert_eq!(answers, [value, Poll::Ready(None), Poll::Ready(None)]);
    }

    /// Proves G-2.4-4.
    #[test]
    #[should_panic(expected = "called `Option::unwrap()` on a `None` value")]
    fn the_documents_poll_after_the_end_panics() {
        let (shared, mut value) = document::wait_for_value();
        document::set_value(&shared, "value".to_string());
        assert_eq!(poll_with(&mut value, Waker::noop()), Poll::Ready("value".to_string()));
        assert_eq!(poll_with(&mut value, Waker::noop()), Poll::Pending);
    }

    /// Notes, when it is called and when it goes, whether `lock` was free.
    struct Watch<T>(DropLog, Arc<T>, fn(&T) -> bool);

    impl<T> Watch<T> {
        fn note(&self, free: &'static str, held: &'static str) {
            self.0.note(if (self.2)(&self.1) { free } else { held });
        }
    }

    impl<T: Send + Sync + 'static> Wake for Watch<T> {
        fn wake(self: Arc<Self>) {
            self.note("woken, lock free", "woken, lock held");
        }
    }

    impl<T> Drop for Watch<T> {
        fn drop(&mut self) {
            self.note("dropped, lock free", "dropped, lock held");
        }
    }

    /// Proves G-2.4-5.
    #[test]
    fn wakers_are_called_and_dropped_after_the_lock_is_released() {
        let log = DropLog::new();
        let (shared, mut value) = wait_for_value();
        let free = |shared: &Mutex<SharedState>| shared.try_lock().is_ok();
        for _ in 0..2 {
            let watch = Watch(log.clone(), Arc::clone(&shared), free);
            // The state keeps the only waker: the second poll drops the first one's.
            assert!(poll_with(&mut value, &Waker::from(Arc::new(watch))).is_pending());
        }
        set_value(&shared, "value".to_string());
        assert_eq!(log.entries(), ["dropped, lock free", "woken, lock free", "dropped, lock free"]);
    }

    thread_local! {
        static ON_CLONE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
    }

    /// A waker that calls `on_clone` when it is cloned next. [`Wake`] leaves no say in that.
    #[expect(unsafe_code, reason = "only a table of its own says what a clone does")]
    fn waker_that_runs(on_clone: impl FnOnce() + 'static) -> Waker {
        static TABLE: RawWakerVTable = RawWakerVTable::new(clone, |_| {}, |_| {}, |_| {});
        fn clone(data: *const ()) -> RawWaker {
            if let Some(on_clone) = ON_CLONE.take() {
                on_clone();
            }
            RawWaker::new(data, &TABLE)
        }
        ON_CLONE.set(Some(Box::new(on_clone)));
        // SAFETY: no function of the table looks at the data, so each may be called on any thread,
        // at any time, in any order.
        unsafe { Waker::new(ptr::null(), &TABLE) }
    }

    /// Proves G-2.4-5.
    #[test]
    fn a_waker_may_set_the_value_while_it_is_cloned() {
        let (shared, mut value) = wait_for_value();
        let waker = waker_that_runs(move || {
            // Under the lock this would hang: then it sets nothing, and the poll pends.
            if shared.try_lock().is_ok() {
                set_value(&shared, "value".to_string());
            }
        });
        assert_eq!(poll_with(&mut value, &waker), Poll::Ready(Some("value".to_string())));
    }

    /// Proves G-2.4-5.
    #[test]
    fn the_document_clones_wakers_under_its_lock_too() {
        let log = DropLog::new();
        let (shared, mut value) = document::wait_for_value();
        let waker = waker_that_runs({
            let log = log.clone();
            move || log.note(if shared.try_lock().is_ok() { "lock free" } else { "lock held" })
        });
        assert!(poll_with(&mut value, &waker).is_pending());
        assert_eq!(log.entries(), ["lock held"]);
    }

    /// Proves G-2.4-5.
    #[test]
    fn the_document_calls_and_drops_wakers_under_its_lock() {
        let log = DropLog::new();
        let (shared, mut value) = document::wait_for_value();
        let free = |shared: &Mutex<document::SharedState>| shared.try_lock().is_ok();
        for _ in 0..2 {
            let watch = Watch(log.clone(), Arc::clone(&shared), free);
            assert!(poll_with(&mut value, &Waker::from(Arc::new(watch))).is_pending());
        }
        document::set_value(&shared, "value".to_string());
        assert_eq!(log.entries(), ["dropped, lock held", "woken, lock held", "dropped, lock held"]);
    }

    /// A value that the stored waker owns sets the value when it is dropped, which comes back here.
    #[test]
    fn a_waker_that_sets_the_value_when_it_goes_may_be_replaced() {
        struct Task(Arc<Mutex<SharedState>>);
        impl Wake for Task {
            fn wake(self: Arc<Self>) {
                unreachable!("another waker takes its place before the value is set");
            }
        }
        impl Drop for Task {
            fn drop(&mut self) {
                assert!(self.0.try_lock().is_ok(), "dropped under the lock");
                set_value(&self.0, "value".to_string());
            }
        }
        let (shared, mut value) = wait_for_value();
        let task = Waker::from(Arc::new(Task(shared)));
        assert!(poll_with(&mut value, &task).is_pending());
        drop(task);
        let (counter, waker) = CountingWaker::new();
        assert!(poll_with(&mut value, &waker).is_pending());
        assert_eq!(counter.wakes(), 1);
        assert_eq!(poll_with(&mut value, &waker), Poll::Ready(Some("value".to_string())));
    }

    /// The second poll is the timeout's, which would hide a forgotten waker but finds no value.
    /// Proves G-2.4-6.
    #[tokio::test(start_paused = true)]
    async fn the_document_then_waits_for_ever() {
        let hour = Duration::from_secs(3600);
        let polls = Polls::new();
        let (shared, value) = document::wait_for_value();
        drop(shared);
        assert!(timeout(hour, polls.of(value)).await.is_err());
        assert_eq!(polls.count(), 2);
    }

    /// Another branch of the same task wakes it too: one waker, not one more a poll.
    #[test]
    fn the_same_poller_leaves_one_waker_however_often_it_polls() {
        let (counter, waker) = CountingWaker::new();
        let before = Arc::strong_count(&counter);
        let (_shared, mut value) = wait_for_value();
        for _ in 0..10 {
            assert!(poll_with(&mut value, &waker).is_pending());
        }
        assert_eq!(Arc::strong_count(&counter), before + 1);
    }
}
