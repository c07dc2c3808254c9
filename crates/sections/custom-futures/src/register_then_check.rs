//! Deep dive 3.2 — If you check and then register, an event in between is lost; the other way it is not.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

#[tokio::main]
pub async fn main() {
    let cx = Context::from_waker(Waker::noop());
    let (first, second) = (Io::default(), Io::default());
    println!("check, event, register: {:?}", check_then_register(&first, &cx, &|| first.event()));
    println!("register, event, check: {:?}", register_then_check(&second, &cx, &|| second.event()));
}

/// The document's order. An event in the `window` finds no waker: nobody will wake the task.
fn check_then_register(io: &Io, cx: &Context<'_>, window: &dyn Fn()) -> Poll<()> {
    if io.is_ready() {
        return Poll::Ready(());
    }
    window();
    io.register(cx.waker());
    Poll::Pending
}

/// The check sees an event that comes before `register`, and one that comes later finds the waker.
fn register_then_check(io: &Io, cx: &Context<'_>, window: &dyn Fn()) -> Poll<()> {
    io.register(cx.waker());
    window();
    if io.is_ready() { Poll::Ready(()) } else { Poll::Pending }
}

/// One event, and the waker of the last task that waited for it.
#[derive(Default)]
struct Io {
    ready: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Io {
    /// First the flag, then the waker: a task woken before could still find the flag unset.
    fn event(&self) {
        self.ready.store(true, Ordering::Release); // Pairs with the load in `is_ready`.
        let waker = self.waker.lock().unwrap().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Wakers run foreign code when they are cloned, dropped or called: never under the lock.
    fn register(&self, waker: &Waker) {
        let new = waker.clone();
        let old = self.waker.lock().unwrap().replace(new);
        drop(old);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::future::poll_fn;
    use std::sync::Arc;
    use std::task::{RawWaker, RawWakerVTable, Wake};
    use std::time::Duration;
    use std::{ptr, thread};
    use utils::probe::{CountingWaker, in_child};

    type PollIo = fn(&Io, &Context<'_>, &dyn Fn()) -> Poll<()>;

    /// The event falls before, between and after the two steps.
    fn all_interleavings(poll: PollIo) -> [(Poll<()>, usize); 3] {
        [0, 1, 2].map(|moment| {
            let io = Io::default();
            let (counter, waker) = CountingWaker::new();
            let event_at = |now: u32| {
                if now == moment {
                    io.event();
                }
            };
            event_at(0);
            let polled = poll(&io, &Context::from_waker(&waker), &|| event_at(1));
            event_at(2);
            (polled, counter.wakes())
        })
    }

    /// Proves D-3-3.
    #[test]
    fn check_then_register_loses_the_event_in_between() {
        let expected = [(Poll::Ready(()), 0), (Poll::Pending, 0), (Poll::Pending, 1)];
        assert_eq!(all_interleavings(check_then_register), expected);
    }

    #[test]
    fn register_then_check_loses_none() {
        let expected = [(Poll::Ready(()), 0), (Poll::Ready(()), 1), (Poll::Pending, 1)];
        assert_eq!(all_interleavings(register_then_check), expected);
    }

    /// The document's poll repaired by one line.
    /// Proves D-3-3.
    #[test]
    fn a_second_check_repairs_the_documents_order() {
        fn poll(io: &Io, cx: &Context<'_>, window: &dyn Fn(), recheck: bool) -> Poll<()> {
            match check_then_register(io, cx, window) {
                Poll::Pending if recheck && io.is_ready() => Poll::Ready(()),
                first => first,
            }
        }
        let with = all_interleavings(|io, cx, window| poll(io, cx, window, true));
        assert_eq!(with, [(Poll::Ready(()), 0), (Poll::Ready(()), 0), (Poll::Pending, 1)]);
        let without = all_interleavings(|io, cx, window| poll(io, cx, window, false));
        assert_eq!(without[1], (Poll::Pending, 0));
    }

    #[test]
    fn awaited_in_the_documents_order_the_lost_event_is_a_hang() {
        let ended = in_child(Duration::from_secs(1), || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let io = Io::default();
            runtime.block_on(poll_fn(|cx| {
                let polled = check_then_register(&io, cx, &|| io.event());
                println!("{polled:?}, event happened: {}", io.is_ready());
                polled
            }));
        });
        assert!(ended.hung, "{ended:#?}");
        let evidence: Vec<_> = ended.stdout.matches("Pending, event happened: true").collect();
        assert_eq!(evidence.len(), 1, "{ended:#?}");
        assert!(!ended.stdout.contains("Ready"), "{ended:#?}");
    }

    #[tokio::test]
    async fn register_then_check_never_hangs_in_a_race() {
        for _ in 0..200 {
            let io = Arc::new(Io::default());
            let driver = Arc::clone(&io);
            let thread = thread::spawn(move || driver.event());
            poll_fn(|cx| register_then_check(&io, cx, &|| ())).await;
            thread.join().unwrap();
        }
    }

    #[test]
    fn only_the_last_waker_is_kept() {
        let ((first, first_waker), (last, last_waker)) =
            (CountingWaker::new(), CountingWaker::new());
        let io = Io::default();
        for waker in [&first_waker, &last_waker, &last_waker] {
            io.register(waker);
        }
        io.event();
        assert_eq!((first.wakes(), last.wakes()), (0, 1));
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

    /// The event comes amid the registration, and on its very thread.
    #[test]
    fn a_waker_may_bring_the_event_while_it_is_cloned() {
        let io = Arc::new(Io::default());
        let driver = Arc::clone(&io);
        let waker = waker_that_runs(move || {
            assert!(driver.waker.try_lock().is_ok(), "cloned under the lock");
            driver.event();
        });
        let polled = register_then_check(&io, &Context::from_waker(&waker), &|| ());
        assert_eq!(polled, Poll::Ready(()));
    }

    /// The task owns what it waits for: its last waker goes, and with it the event comes.
    #[test]
    fn a_waker_may_bring_the_event_while_it_is_dropped() {
        struct Task(Arc<Io>);
        impl Wake for Task {
            fn wake(self: Arc<Self>) {
                drop(self);
            }
        }
        impl Drop for Task {
            fn drop(&mut self) {
                assert!(self.0.waker.try_lock().is_ok(), "dropped under the lock");
                self.0.event();
            }
        }
        let io = Arc::new(Io::default());
        io.register(&Waker::from(Arc::new(Task(Arc::clone(&io)))));
        let (counter, waker) = CountingWaker::new();
        io.register(&waker);
        assert_eq!((counter.wakes(), io.is_ready()), (1, true));
    }

    /// The document's list of methods leaves these out; and `clone` is the trait's.
    /// Proves D-3-2.
    #[test]
    fn a_waker_is_two_pointers_with_more_methods_than_three() {
        assert_eq!(size_of::<Waker>(), 2 * size_of::<usize>());
        let (counter, waker) = CountingWaker::new();
        let mut copy = Clone::clone(&waker);
        assert!(copy.will_wake(&waker) && !copy.will_wake(Waker::noop()));
        assert_eq!((copy.data(), copy.vtable()), (waker.data(), waker.vtable()));
        copy.clone_from(Waker::noop());
        copy.wake();
        assert_eq!(counter.wakes(), 0);
        waker.wake_by_ref();
        waker.wake();
        assert_eq!(counter.wakes(), 2);
    }
}
