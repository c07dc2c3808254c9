//! Guide 2.4 — Set early or late, dropped unset, or polled too often: the answer is definite.

use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;
use thiserror::Error;

#[tokio::main]
pub async fn main() -> Result<(), NoValue> {
    let (setter, value) = wait_for_value();
    // Not a task: a waker may be called from any thread.
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(20));
        setter.set_value("hello");
    });
    println!("value: {}", value.await?);

    let (setter, value) = wait_for_value::<String>();
    drop(setter);
    if let Err(error) = value.await {
        println!("error: {error}");
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum NoValue {
    #[error("the setter was dropped without setting a value")]
    SetterDropped,
    #[error("the value has already been taken")]
    AlreadyTaken,
}

enum SharedState<T> {
    /// No answer yet. The waker of whoever polled last, since the future may have moved on to
    /// another task: the earlier pollers no longer wait.
    Waiting(Option<Waker>),
    /// What the next poll returns; all later ones return [`NoValue::AlreadyTaken`].
    Done(Result<T, NoValue>),
}

struct Shared<T>(Mutex<SharedState<T>>);

/// Sets the value, once. Dropped without it, it ends the waiting with [`NoValue::SetterDropped`].
///
/// # Non-guarantees
///
/// It does not learn that the [`WaitForValue`] is gone; the value is then dropped with it. Kept and
/// never used, it lets that wait for ever.
struct Setter<T>(Arc<Shared<T>>);

/// Waits until the value is set. A poll after the end answers [`NoValue::AlreadyTaken`].
#[must_use = "a future does nothing until it is polled"]
struct WaitForValue<T>(Arc<Shared<T>>);

fn wait_for_value<T>() -> (Setter<T>, WaitForValue<T>) {
    let shared = Arc::new(Shared(Mutex::new(SharedState::Waiting(None))));
    (Setter(Arc::clone(&shared)), WaitForValue(shared))
}

impl<T> Shared<T> {
    /// Every change is one assignment, so even a poisoned lock guards a whole state.
    fn lock(&self) -> MutexGuard<'_, SharedState<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the waiting; later calls change nothing.
    fn finish(&self, answer: Result<T, NoValue>) {
        let mut state = self.lock();
        let SharedState::Waiting(waker) = &mut *state else {
            return;
        };
        let waker = waker.take();
        *state = SharedState::Done(answer);
        // `wake` runs foreign code: an executor that polls at once would lock again.
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Setter<T> {
    fn set_value(self, value: T) {
        self.0.finish(Ok(value));
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        self.0.finish(Err(NoValue::SetterDropped));
    }
}

impl<T> Future for WaitForValue<T> {
    type Output = Result<T, NoValue>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // `clone` runs foreign code as well, so it comes before the lock. Declared before the
        // guard, the clone is dropped after it, should nobody keep it.
        let waker = cx.waker().clone();
        let mut state = self.0.lock();
        match &mut *state {
            SharedState::Done(answer) => {
                Poll::Ready(mem::replace(answer, Err(NoValue::AlreadyTaken)))
            }
            SharedState::Waiting(kept) => {
                let old = kept.replace(waker);
                // Foreign code again: the last waker of a task drops the task and all it owns,
                // which may be our setter.
                drop(state);
                drop(old);
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::ptr;
    use std::sync::{Barrier, mpsc};
    use std::task::{RawWaker, RawWakerVTable, Wake};
    use tokio::time::{Instant, timeout};
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

    fn poll_with<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
        Pin::new(future).poll(&mut Context::from_waker(waker))
    }

    type Setting = Box<dyn FnOnce(String) + Send>;
    type Waiting = Pin<Box<dyn Future<Output = Result<String, NoValue>> + Send>>;

    /// The pair of this file and that of the document.
    fn pairs() -> [fn() -> (Setting, Waiting); 2] {
        [
            || {
                let (setter, value) = wait_for_value();
                (Box::new(|value| setter.set_value(value)), Box::pin(value))
            },
            || {
                let (shared, value) = document::wait_for_value();
                let set = move |value| document::set_value(&shared, value);
                (Box::new(set), Box::pin(async { Ok(value.await) }))
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
        let (setter, mut value) = wait_for_value();
        let (event, events) = mpsc::channel();
        let reactor = thread::spawn(move || {
            events.recv().unwrap();
            setter.set_value("value");
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
        assert_eq!(answer, Ok("value"));
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
        let (setter, mut value) = wait_for_value();
        setter.set_value("value");
        let answers = [(); 3].map(|()| poll_with(&mut value, Waker::noop()));
        let taken = Poll::Ready(Err(NoValue::AlreadyTaken));
        assert_eq!(answers, [Poll::Ready(Ok("value")), taken, taken]);
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
        let (setter, mut value) = wait_for_value();
        let free = |shared: &Shared<String>| shared.0.try_lock().is_ok();
        for _ in 0..2 {
            let watch = Watch(log.clone(), Arc::clone(&setter.0), free);
            // The state keeps the only waker: the second poll drops the first one's.
            assert!(poll_with(&mut value, &Waker::from(Arc::new(watch))).is_pending());
        }
        setter.set_value("value".to_string());
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
        let (setter, mut value) = wait_for_value();
        let waker = waker_that_runs(move || {
            let free = setter.0.0.try_lock().is_ok();
            // Under the lock, even its drop would hang: then it sets nothing, and the poll pends.
            if free { setter.set_value("value") } else { mem::forget(setter) }
        });
        assert_eq!(poll_with(&mut value, &waker), Poll::Ready(Ok("value")));
        let taken = Poll::Ready(Err(NoValue::AlreadyTaken));
        assert_eq!(poll_with(&mut value, &waker), taken);
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

    /// The setter lives in the task whose last waker is the stored one: dropping it comes back here.
    #[test]
    fn a_waker_that_owns_the_setter_may_be_replaced() {
        struct Task {
            _owns: Setter<u32>,
        }
        impl Wake for Task {
            fn wake(self: Arc<Self>) {
                unreachable!("another waker takes its place before the value is set");
            }
        }
        let (setter, mut value) = wait_for_value();
        let task = Waker::from(Arc::new(Task { _owns: setter }));
        assert!(poll_with(&mut value, &task).is_pending());
        drop(task);
        let (counter, waker) = CountingWaker::new();
        assert!(poll_with(&mut value, &waker).is_pending());
        assert_eq!(counter.wakes(), 1);
        let dropped = Poll::Ready(Err(NoValue::SetterDropped));
        assert_eq!(poll_with(&mut value, &waker), dropped);
    }

    #[tokio::test(start_paused = true)]
    async fn a_setter_dropped_without_a_value_ends_the_waiting_at_once() {
        let start = Instant::now();
        let polls = Polls::new();
        let (setter, value) = wait_for_value::<String>();
        let waiting = tokio::spawn(polls.of(value));
        tokio::task::yield_now().await;
        drop(setter);
        let error = waiting.await.unwrap().unwrap_err();
        assert_eq!(error.to_string(), "the setter was dropped without setting a value");
        assert_eq!((polls.count(), start.elapsed()), (2, Duration::ZERO));
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
        let (_setter, mut value) = wait_for_value::<u32>();
        for _ in 0..10 {
            assert!(poll_with(&mut value, &waker).is_pending());
        }
        assert_eq!(Arc::strong_count(&counter), before + 1);
    }
}
