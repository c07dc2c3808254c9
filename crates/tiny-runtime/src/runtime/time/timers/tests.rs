use super::*;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{OnceLock, Weak};
use std::task::{RawWaker, RawWakerVTable, Wake};
use std::thread;
use utils::probe::CountingWaker;

const MILLI: Duration = Duration::from_millis(1);

/// With a clock that stands, and what counts the interrupts.
fn timers() -> (Arc<Timers>, Arc<AtomicUsize>) {
    let interrupts = Arc::new(AtomicUsize::new(0));
    let count = interrupts.clone();
    let interrupt = move || _ = count.fetch_add(1, SeqCst);
    (Arc::new(Timers::new(Clock::new(true, true), Box::new(interrupt))), interrupts)
}

impl Timers {
    fn start(&self, millis: u32, waker: &Waker) -> Key {
        self.register(self.start + millis * MILLI, waker).unwrap().expect("not due")
    }

    /// When the clock jumps, until nothing is left.
    fn jumps(&self) -> Vec<u128> {
        let jump = || {
            self.auto_advance().then(|| {
                self.process();
                (self.clock.now() - self.start).as_millis()
            })
        };
        iter::from_fn(jump).collect()
    }
}

#[test]
fn a_clock_that_stands_jumps_from_turn_to_turn() {
    let (timers, _) = timers();
    assert!(!timers.auto_advance());
    let _first = timers.start(5_000, Waker::noop());
    assert_eq!(timers.jumps(), [4_096, 4_992, 5_000]);
    let _second = timers.start(300_000, Waker::noop());
    assert_eq!(timers.jumps(), [262_144, 299_008, 299_968, 300_000]);
}

/// However long the driver slept, such a clock would show the same.
#[test]
fn a_clock_that_stands_sets_no_end_to_the_drivers_sleep() {
    let (timers, _) = timers();
    let _key = timers.start(1, Waker::noop());
    assert_eq!(timers.timeout(), None);
    assert!(timers.auto_advance());
    assert_eq!(timers.timeout(), Some(Duration::ZERO));
}

#[test]
fn a_running_clock_tells_how_long_the_driver_may_sleep() {
    let timers = Timers::new(Clock::new(false, false), Box::new(|| {}));
    assert_eq!(timers.timeout(), None);
    let _far = timers.start(64_000_000, Waker::noop());
    let slot = Duration::from_millis(3 << 24);
    assert!(timers.timeout().is_some_and(|timeout| slot / 2 < timeout && timeout <= slot));
    assert!(!timers.auto_advance());
}

#[test]
fn only_a_deadline_before_the_end_of_the_drivers_sleep_interrupts_it() {
    let (timers, interrupts) = timers();
    let start = |millis| {
        let before = interrupts.load(SeqCst);
        let _ = timers.start(millis, Waker::noop());
        interrupts.load(SeqCst) > before
    };
    assert!(!start(5_000), "it is awake");
    timers.timeout();
    assert!(!start(4_096), "it will turn by then");
    assert!(start(4_095));
    assert!(!start(4_095), "it has been told");
    timers.process();
    assert!(!start(1), "it is awake");
}

#[test]
fn one_that_sleeps_for_ever_is_interrupted_by_any_deadline() {
    let (timers, interrupts) = timers();
    assert_eq!(timers.timeout(), None);
    let _key = timers.start(5_000, Waker::noop());
    assert_eq!(interrupts.load(SeqCst), 1);
}

#[test]
fn the_last_to_poll_is_woken() {
    let (timers, _) = timers();
    let [(old, first), (new, second)] = [(); 2].map(|()| CountingWaker::new());
    let mut key = Some(timers.start(1, &first));
    timers.poll(&mut key, &second).unwrap();
    assert_eq!(Arc::strong_count(&old), 2, "the wheel has let go of the first");
    assert_eq!(timers.jumps(), [1]);
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
    assert!(key.as_ref().is_some_and(|key| timers.has_fired(key)));
    timers.poll(&mut key, &second).unwrap();
    assert!(key.is_none());
}

#[test]
fn a_reset_takes_the_waker_along_and_wakes_it_if_that_has_passed() {
    let (timers, _) = timers();
    let (counter, waker) = CountingWaker::new();
    let key = timers.start(5, &waker);
    let key = timers.reset(Some(key), timers.start + 10 * MILLI);
    assert!(key.is_some());
    timers.clock.advance(9 * MILLI);
    timers.process();
    assert_eq!(counter.wakes(), 0);
    assert!(timers.reset(key, timers.start + 9 * MILLI).is_none());
    assert_eq!(counter.wakes(), 1);
}

/// Does to the timers what foreign code may do when it is cloned or dropped.
struct Meddler(Weak<Timers>);

impl Meddler {
    const VTABLE: RawWakerVTable = RawWakerVTable::new(Self::clone, Self::drop, |_| {}, Self::drop);

    #[expect(unsafe_code, reason = "the clone of a `Wake` is std's")]
    fn waker(timers: &Arc<Timers>) -> Waker {
        let data = Arc::into_raw(Arc::new(Self(Arc::downgrade(timers))));
        // SAFETY: each waker has its own count of the `Arc`, and it may go to any thread.
        unsafe { Waker::new(data.cast(), &Self::VTABLE) }
    }

    #[expect(unsafe_code, reason = "as above")]
    fn clone(data: *const ()) -> RawWaker {
        // SAFETY: a waker that is borrowed has one, and the new one gets another.
        let meddler = unsafe {
            Arc::increment_strong_count(data.cast::<Self>());
            &*data.cast::<Self>()
        };
        meddler.meddle();
        RawWaker::new(data, &Self::VTABLE)
    }

    #[expect(unsafe_code, reason = "as above")]
    fn drop(data: *const ()) {
        // SAFETY: this waker's own.
        drop(unsafe { Arc::from_raw(data.cast::<Self>()) });
    }

    fn meddle(&self) {
        if let Some(timers) = self.0.upgrade() {
            let key = timers.register(timers.clock.now() + MILLI, Waker::noop()).unwrap();
            timers.cancel(key.expect("not due"));
        }
    }
}

impl Drop for Meddler {
    fn drop(&mut self) {
        self.meddle();
    }
}

#[test]
fn no_foreign_code_runs_under_the_lock() {
    let (timers, _) = timers();
    let keys = [(); 100].map(|()| timers.start(1, &Meddler::waker(&timers)));
    let [replaced, cancelled, reset, ..] = keys;
    timers.cancel(cancelled);
    timers.poll(&mut Some(replaced), &Meddler::waker(&timers)).unwrap();
    timers.clock.advance(MILLI / 2);
    let _ = timers.reset(Some(reset), timers.start);
    assert_eq!(timers.jumps(), [1]);
}

#[test]
fn more_than_a_batch_wakes_first_in_first_out() {
    struct Log(usize, crate::sync::Mutex<Vec<usize>>);
    struct Entry(usize, Arc<Log>);
    impl Wake for Entry {
        fn wake(self: Arc<Self>) {
            lock(&self.1.1).push(self.0);
        }
    }
    let (timers, _) = timers();
    let log = Arc::new(Log(3 * BATCH + 1, Default::default()));
    for number in 0..log.0 {
        let _ = timers.start(5, &Waker::from(Arc::new(Entry(number, log.clone()))));
    }
    assert_eq!(timers.jumps(), [5]);
    assert_eq!(*lock(&log.1), Vec::from_iter(0..log.0));
}

#[test]
fn shutdown_wakes_all_and_a_later_poll_hears_of_it() {
    let (timers, _) = timers();
    let (counter, waker) = CountingWaker::new();
    let keys = [1, 70_000, u32::MAX].map(|millis| timers.start(millis, &waker));
    timers.shutdown();
    assert_eq!(counter.wakes(), 3);
    let [polled, moved, dropped] = keys.map(Some);
    assert!(timers.reset(moved, timers.start + MILLI).is_none());
    assert!(dropped.and_then(|key| timers.cancel(key)).is_none());
    let mut polled = polled;
    timers.poll(&mut polled, &waker).unwrap_err();
    timers.poll(&mut None, &waker).unwrap_err();
    timers.register(timers.start + MILLI, &waker).unwrap_err();
}

/// A deadline that comes between the driver's look at the wheel and its sleep would be slept over,
/// and this test would hang.
#[test]
fn no_deadline_is_slept_over() {
    struct Unpark(thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let driver = Arc::new(OnceLock::<thread::Thread>::new());
    let sleeper = driver.clone();
    let interrupt = move || sleeper.get().into_iter().for_each(thread::Thread::unpark);
    let timers = Timers::new(Clock::new(false, false), Box::new(interrupt));
    let waiting = AtomicUsize::new(4);
    let wait = || {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        for round in 0..100 {
            let now = timers.clock.now();
            let cancelled = timers.register(now + Duration::from_micros(500), &waker).unwrap();
            let mut key = timers.register(now + round % 4 * MILLI, &waker).unwrap();
            cancelled.and_then(|key| timers.cancel(key));
            while key.is_some() {
                thread::park();
                timers.poll(&mut key, &waker).unwrap();
            }
        }
        waiting.fetch_sub(1, SeqCst);
        (timers.interrupt)();
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            driver.set(thread::current()).expect("the only driver");
            while waiting.load(SeqCst) > 0 {
                timers.timeout().map_or_else(thread::park, thread::park_timeout);
                timers.process();
            }
        });
        (0..4).for_each(|_| drop(scope.spawn(wait)));
    });
}
