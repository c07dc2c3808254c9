//! Deadlines: whole milliseconds rounded up, first in first out, read from a clock that stands.

use super::rt::{self, runtime::Handle, task::yield_now};
use super::{LONG, paused};
use rt::time::{Duration, Instant, advance, resume, sleep, sleep_until, timeout};
use std::pin::pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Wake, Waker};
use utils::probe::{CountingWaker, Polls};

const MILLI: Duration = Duration::from_millis(1);

async fn time_of(future: impl Future) -> Duration {
    let start = Instant::now();
    future.await;
    start.elapsed()
}

#[test]
fn a_sleep_is_rounded_up_to_a_millisecond() {
    paused(async {
        for (nanos, millis) in [
            (0, 0),
            (1, 1),
            (999_999, 1),
            (1_000_000, 1),
            (1_000_001, 2),
            (1_999_999, 2),
            (2_000_000, 2),
        ] {
            let asked = Duration::from_nanos(nanos);
            assert_eq!(time_of(sleep(asked)).await, Duration::from_millis(millis), "{asked:?}");
        }
    });
}

/// Ticks are counted from the start of the runtime. From 0.5 ms on, 1 ms is due at tick 2, and
/// from tick 0 the driver sleeps two: until 2.5 ms.
#[test]
fn between_two_ticks_the_rounding_adds_up_to_a_millisecond() {
    paused(async {
        advance(Duration::from_micros(500)).await;
        assert_eq!(time_of(sleep(Duration::from_micros(100))).await, MILLI);
        assert_eq!(time_of(sleep(MILLI)).await, 2 * MILLI);
    });
}

/// A driver that is awake for another reason fires it at its tick: 2 ms.
#[test]
fn a_timer_is_due_at_its_tick() {
    paused(async {
        let mut cx = Context::from_waker(Waker::noop());
        advance(Duration::from_micros(500)).await;
        let mut timer = pin!(sleep(MILLI));
        assert!(timer.as_mut().poll(&mut cx).is_pending());
        advance(Duration::from_micros(1_499)).await;
        assert!(timer.as_mut().poll(&mut cx).is_pending());
        advance(Duration::from_micros(1)).await;
        assert!(timer.as_mut().poll(&mut cx).is_ready());
    });
}

#[test]
fn deadlines_far_and_near_are_met_to_the_millisecond() {
    let day: u64 = 86_400_000;
    for millis in [1, 63, 64, 65, 4_095, 4_096, 5_000, 262_144, 300_000, day, 365 * day] {
        paused(async {
            let asked = Duration::from_millis(millis);
            assert_eq!(time_of(sleep(asked)).await, asked);
            // From another start the same duration goes through other slots.
            assert_eq!(time_of(sleep(asked)).await, asked);
        });
    }
    // Beyond the 2^36 ms of the wheel.
    for millis in [(1 << 36) - 1, 1 << 36, (1 << 36) + 5, 70_000_000_000, 200_000_000_000] {
        let asked = Duration::from_millis(millis);
        assert_eq!(paused(async { time_of(sleep(asked)).await }), asked);
    }
}

/// Wakers themselves note the order; more than the 32 that the driver wakes at a time.
#[test]
fn equal_deadlines_fire_first_in_first_out() {
    struct Log(usize, Arc<Mutex<Vec<usize>>>);
    impl Wake for Log {
        fn wake(self: Arc<Self>) {
            self.1.lock().unwrap().push(self.0);
        }
    }
    for millis in [5, 100, 5_000] {
        paused(async {
            let log = Arc::new(Mutex::new(Vec::new()));
            let mut timers: Vec<_> = (0..100).map(|_| Box::pin(sleep(millis * MILLI))).collect();
            for (number, timer) in timers.iter_mut().enumerate() {
                let waker = Waker::from(Arc::new(Log(number, log.clone())));
                assert!(timer.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            }
            sleep((millis + 1) * MILLI).await;
            assert_eq!(*log.lock().unwrap(), Vec::from_iter(0..100));
        });
    }
}

#[test]
fn deadlines_within_one_millisecond_fire_as_they_were_started() {
    let order_of = |micros: [u64; 3]| {
        paused(async {
            let (log, order) = mpsc::channel();
            for micros in micros {
                let log = log.clone();
                rt::spawn(async move {
                    sleep(Duration::from_micros(micros)).await;
                    log.send(micros).unwrap();
                });
            }
            drop(log);
            // All are due by 3 ms.
            sleep(4 * MILLI).await;
            order.iter().collect::<Vec<_>>()
        })
    };
    assert_eq!(order_of([1_900, 1_500, 1_100]), [1_900, 1_500, 1_100]);
    assert_eq!(order_of([2_100, 1_500, 1_100]), [1_500, 1_100, 2_100]);
}

#[test]
fn a_deadline_that_has_passed_is_ready_at_the_first_poll() {
    paused(async {
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pin!(sleep(Duration::ZERO)).poll(&mut cx).is_ready());
        assert!(pin!(sleep(Duration::from_nanos(1))).poll(&mut cx).is_pending());
        advance(5 * MILLI).await;
        let past = Instant::now() - 3 * MILLI;
        assert!(pin!(sleep_until(past)).poll(&mut cx).is_ready());
    });
}

/// The deadline alone makes nothing ready: the wheel moves when its thread parks or yields.
#[test]
fn a_passed_deadline_waits_for_the_driver() {
    paused(async {
        let (counter, waker) = CountingWaker::new();
        let mut cx = Context::from_waker(&waker);
        let mut timer = pin!(sleep(5 * MILLI));
        assert!(timer.as_mut().poll(&mut cx).is_pending());
        // Its first poll moves the clock, and only its yield lets the driver run.
        let mut jump = pin!(advance(100 * MILLI));
        assert!(jump.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert!(timer.deadline() < Instant::now() && !timer.is_elapsed());
        assert!(timer.as_mut().poll(&mut cx).is_pending());
        assert_eq!(counter.wakes(), 0);
        yield_now().await;
        assert_eq!(counter.wakes(), 1);
        assert!(timer.is_elapsed());
        assert!(timer.as_mut().poll(&mut cx).is_ready());
    });
}

/// It may sleep in the driver without an end: the clock does not jump while a closure runs.
#[test]
fn who_moves_or_starts_the_clock_elsewhere_wakes_its_thread() {
    for round in 0..40 {
        paused(async {
            let runtime = Handle::current();
            let [(set, is_set), (fired, has_fired)] = [mpsc::channel(), mpsc::channel()];
            let elsewhere = rt::spawn_blocking(move || {
                is_set.recv().unwrap();
                match round % 2 {
                    0 => runtime.block_on(advance(2 * MILLI)),
                    _ => resume(),
                }
                has_fired.recv_timeout(LONG).expect("its thread sleeps on");
            });
            let mut timer = pin!(sleep(2 * MILLI));
            let mut cx = Context::from_waker(Waker::noop());
            assert!(timer.as_mut().poll(&mut cx).is_pending());
            set.send(()).unwrap();
            timer.await;
            fired.send(()).unwrap();
            elsewhere.await.unwrap();
        });
    }
}

#[test]
fn durations_without_an_end_do_not_overflow() {
    paused(async {
        let polls = Polls::new();
        let endless = polls.of(timeout(Duration::MAX, sleep(Duration::MAX)));
        assert!(timeout(1_000 * MILLI, endless).await.is_err());
        // Its first, and the one of the outer timeout, which asks it once more.
        assert_eq!(polls.count(), 2);
    });
}

#[test]
fn a_real_clock_is_never_early() {
    super::one_thread().block_on(async {
        for asked in [Duration::from_micros(100), MILLI, 3 * MILLI] {
            assert!(time_of(sleep(asked)).await >= asked);
        }
    });
}
