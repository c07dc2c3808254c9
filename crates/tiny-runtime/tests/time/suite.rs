use ::tokio::join; // knows no runtime
use runtime::Builder;
use std::future::{Ready, pending, poll_fn, ready};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use time::error::Elapsed;
use time::*;
use utils::probe::{CountingWaker, Polls};

const MILLI: Duration = Duration::from_millis(1);

/// Runs it on a clock that stands, or jumps when nothing is ready.
fn paused<F: Future>(future: F) -> F::Output {
    Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(future)
}

/// Once, for nobody.
fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

async fn time_of_sleep(asked: Duration) -> Duration {
    let start = Instant::now();
    sleep(asked).await;
    start.elapsed()
}

#[test]
fn a_sleep_is_rounded_up_to_a_millisecond() {
    for (nanos, millis) in [
        (0, 0),
        (1, 1),
        (999_999, 1),
        (1_000_000, 1),
        (1_000_001, 2),
        (2_000_000, 2),
        (300_000_000_000, 300_000),
        (70_000_000_000_000_000, 70_000_000_000),
    ] {
        let asked = Duration::from_nanos(nanos);
        let takes = paused(async { time_of_sleep(asked).await });
        assert_eq!(takes, Duration::from_millis(millis), "{asked:?}");
    }
}

/// From 0.5 ms on, 1 ms is due at tick 2, and from tick 0 the driver sleeps two: until 2.5 ms.
#[test]
fn between_two_milliseconds_the_rounding_adds_up_to_less_than_two() {
    paused(async {
        advance(MILLI / 2).await;
        assert_eq!(time_of_sleep(MILLI / 10).await, MILLI);
        assert_eq!(time_of_sleep(MILLI).await, 2 * MILLI);
        advance(Duration::from_micros(499)).await;
        assert_eq!(time_of_sleep(Duration::from_micros(2)).await, 2 * MILLI);
    });
}

#[test]
fn a_real_clock_is_never_early() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for asked in [MILLI / 10, MILLI, 3 * MILLI] {
            assert!(time_of_sleep(asked).await >= asked);
        }
    });
}

#[test]
fn a_sleep_of_nothing_or_until_a_passed_instant_is_ready_at_once() {
    paused(async {
        assert!(!sleep(Duration::ZERO).is_elapsed(), "its first poll does that");
        assert!(poll(pin!(sleep(Duration::ZERO))).is_ready());
        assert!(poll(pin!(sleep(Duration::from_nanos(1)))).is_pending());
        let start = Instant::now();
        assert!(poll(pin!(sleep_until(start - MILLI))).is_ready());
        advance(5 * MILLI).await;
        assert!(poll(pin!(sleep_until(start + 5 * MILLI))).is_ready());
    });
}

#[test]
fn the_longest_sleep_is_thirty_years() {
    let thirty_years = Duration::from_secs(86_400 * 365 * 30);
    assert_eq!(paused(async { time_of_sleep(Duration::MAX).await }), thirty_years);
}

#[test]
fn a_sleep_that_is_ready_stays_ready() {
    paused(async {
        let mut sleep = pin!(sleep(MILLI));
        assert!(!sleep.is_elapsed());
        sleep.as_mut().await;
        assert!(sleep.is_elapsed());
        assert!(poll(sleep).is_ready());
    });
}

/// It is ready when the driver has fired it, which takes a driver poll.
#[test]
fn a_passed_deadline_waits_for_the_driver() {
    paused(async {
        let (counter, waker) = CountingWaker::new();
        let mut context = Context::from_waker(&waker);
        let mut timer = pin!(sleep(5 * MILLI));
        assert!(timer.as_mut().poll(&mut context).is_pending());

        // Its first poll moves the clock, and its yield lets the driver run.
        let mut jump = pin!(advance(100 * MILLI));
        assert!(poll(jump.as_mut()).is_pending());
        assert!(timer.deadline() < Instant::now());
        assert!(timer.as_mut().poll(&mut context).is_pending());
        assert!(!timer.is_elapsed());
        assert_eq!(counter.wakes(), 0);

        task::yield_now().await;
        assert!(timer.is_elapsed());
        assert_eq!(counter.wakes(), 1);
        assert!(timer.poll(&mut context).is_ready());
    });
}

/// By the millisecond, and then as they were first polled; more than one batch of the driver.
#[test]
fn timers_wake_by_deadline_and_then_first_in_first_out() {
    struct Log(usize, Arc<Mutex<Vec<usize>>>);
    impl Wake for Log {
        fn wake(self: Arc<Self>) {
            self.1.lock().unwrap().push(self.0);
        }
    }
    paused(async {
        let log = Arc::new(Mutex::new(Vec::new()));
        let mut timers: Vec<_> = (0..200_u32)
            .map(|number| {
                let micros = 4_000 + number % 2 * 1_000 - number % 10;
                Box::pin(sleep(Duration::from_micros(micros.into())))
            })
            .collect();
        for (number, timer) in timers.iter_mut().enumerate().rev() {
            let waker = Waker::from(Arc::new(Log(number, log.clone())));
            assert!(timer.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        sleep(6 * MILLI).await;
        let expected =
            (0..200).rev().filter(|n| n % 2 == 0).chain((0..200).rev().filter(|n| n % 2 == 1));
        assert_eq!(*log.lock().unwrap(), Vec::from_iter(expected));
    });
}

#[test]
fn the_task_that_polled_last_is_woken() {
    paused(async {
        let [(first, before), (last, after)] = [(); 2].map(|()| CountingWaker::new());
        let mut timer = pin!(sleep(MILLI));
        assert!(timer.as_mut().poll(&mut Context::from_waker(&before)).is_pending());
        assert!(timer.as_mut().poll(&mut Context::from_waker(&after)).is_pending());
        sleep(2 * MILLI).await;
        assert_eq!((first.wakes(), last.wakes()), (0, 1));
    });
}

#[test]
fn a_dropped_sleep_wakes_nobody() {
    paused(async {
        let (counter, waker) = CountingWaker::new();
        {
            let mut timer = pin!(sleep(MILLI));
            assert!(timer.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        sleep(5 * MILLI).await;
        assert_eq!(counter.wakes(), 0);
    });
}

#[test]
fn a_reset_moves_the_deadline_either_way_and_again_after_it() {
    paused(async {
        let start = Instant::now();
        let mut timer = pin!(sleep(10 * MILLI));
        assert!(poll(timer.as_mut()).is_pending());
        for millis in [5, 20, 15, 300_000] {
            timer.as_mut().reset(start + millis * MILLI);
            assert!(!timer.is_elapsed());
            assert_eq!(timer.deadline() - start, millis * MILLI);
            if millis != 20 {
                timer.as_mut().await;
                assert_eq!(start.elapsed(), millis * MILLI);
            }
        }
    });
}

#[test]
fn a_reset_wakes_the_task_that_polled_before() {
    paused(async {
        let start = Instant::now();
        let (counter, waker) = CountingWaker::new();
        let mut timer = pin!(sleep(10 * MILLI));
        assert!(timer.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        timer.as_mut().reset(start + 5 * MILLI);
        sleep(5 * MILLI).await;
        assert_eq!(counter.wakes(), 1);

        timer.as_mut().reset(start + 10 * MILLI);
        assert!(timer.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        timer.as_mut().reset(start);
        assert_eq!(counter.wakes(), 2, "it has passed");
        assert!(timer.poll(&mut Context::from_waker(&waker)).is_ready());
    });
}

#[test]
fn ten_thousand_tasks_on_two_workers_are_all_woken_and_none_is_early() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let sleeps = |number: u32| async move {
            let asked = number % 50 * MILLI;
            assert!(time_of_sleep(asked).await >= asked);
        };
        let tasks: Vec<_> = (0..10_000).map(|number| task::spawn(sleeps(number))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// By the time of the first, and after each, the workers sleep in the driver with no end in sight.
#[test]
fn a_timer_from_outside_wakes_the_thread_in_the_driver() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for _ in 0..20 {
        runtime.block_on(async { sleep(MILLI).await });
    }
}

#[test]
#[should_panic]
fn a_sleep_outside_a_runtime_panics() {
    drop(sleep(MILLI));
}
