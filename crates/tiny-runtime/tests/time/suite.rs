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

/// It is ready when the driver has fired it, which takes a turn of the runtime.
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
fn a_future_that_is_ready_by_its_deadline_is_in_time() {
    paused(async {
        assert_eq!(timeout(5 * MILLI, sleep(4 * MILLI)).await, Ok(()));
        assert_eq!(timeout(Duration::ZERO, ready(1)).await, Ok(1));
        assert_eq!(timeout_at(Instant::now() - MILLI, ready(2)).await, Ok(2));
        assert_eq!(timeout(Duration::MAX, sleep(MILLI)).await, Ok(()));
        let mut unpolled = timeout(MILLI, ready(3));
        assert_eq!(unpolled.get_mut().clone().into_inner(), 3);
        assert_eq!(unpolled.get_ref().clone().into_inner(), 3);
        assert_eq!(Ready::into_inner(unpolled.into_inner()), 3);
    });
}

#[test]
fn a_future_that_is_not_ready_by_its_deadline_is_an_error() {
    paused(async {
        let start = Instant::now();
        let late: Elapsed = timeout(5 * MILLI, sleep(6 * MILLI)).await.unwrap_err();
        assert_eq!(start.elapsed(), 5 * MILLI);
        assert_eq!(late.to_string(), "deadline has elapsed");
        assert_eq!(std::io::Error::from(late).kind(), std::io::ErrorKind::TimedOut);
        assert!(timeout_at(start + 8 * MILLI, pending::<()>()).await.is_err());
        assert_eq!(start.elapsed(), 8 * MILLI);
        assert!(timeout(Duration::ZERO, pending::<()>()).await.is_err());
        assert_eq!(start.elapsed(), 8 * MILLI);
    });
}

#[test]
fn a_deadline_comes_although_the_future_uses_up_the_budget() {
    paused(async {
        let busy = async {
            loop {
                sleep(Duration::ZERO).await;
            }
        };
        let (result, ()) = join!(timeout(10 * MILLI, busy), advance(20 * MILLI));
        let _: Result<(), _> = result;
        assert!(result.is_err());
    });
}

/// 128 a poll.
#[test]
fn a_thousand_sleeps_or_timeouts_that_are_ready_give_way_seven_times() {
    let polls_of = |future: Pin<Box<dyn Future<Output = ()>>>| {
        let polls = Polls::new();
        paused(polls.of(future));
        polls.count()
    };
    let sleeps = async {
        for _ in 0..1_000 {
            sleep(Duration::ZERO).await;
        }
    };
    assert_eq!(polls_of(Box::pin(sleeps)), 8);
    let timeouts = async {
        for _ in 0..1_000 {
            assert!(timeout(Duration::ZERO, pending::<()>()).await.is_err());
        }
    };
    assert_eq!(polls_of(Box::pin(timeouts)), 8);
}

/// A poll that is not ready costs nothing.
#[test]
fn a_sleep_that_is_not_ready_gives_its_unit_of_the_budget_back() {
    paused(async {
        let (counter, waker) = CountingWaker::new();
        let mut timer = pin!(sleep(MILLI));
        for _ in 0..1_000 {
            assert!(timer.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        assert!(poll(pin!(sleep(Duration::ZERO))).is_ready());
        assert_eq!(counter.wakes(), 0);
    });
}

/// When the ticks were due and when they came, in milliseconds, after the first of period 10 was
/// taken in time and nobody was there until `late`.
fn ticks(behavior: MissedTickBehavior, late: u64) -> Vec<(u128, u128)> {
    paused(async {
        let start = Instant::now();
        let mut interval = interval(10 * MILLI);
        interval.set_missed_tick_behavior(behavior);
        assert_eq!(interval.missed_tick_behavior(), behavior);
        assert_eq!(interval.tick().await, start);
        assert_eq!(start.elapsed(), Duration::ZERO);
        advance(Duration::from_millis(late)).await;
        let mut ticks = Vec::new();
        for _ in 0..5 {
            let due = interval.tick().await - start;
            ticks.push((due.as_millis(), start.elapsed().as_millis()));
        }
        ticks
    })
}

#[test]
fn missed_ticks_come_in_a_burst_or_are_skipped_or_delay_the_rest() {
    use MissedTickBehavior::{Burst, Delay, Skip};
    assert_eq!(MissedTickBehavior::default(), Burst);
    assert_eq!(ticks(Burst, 35), [(10, 35), (20, 35), (30, 35), (40, 40), (50, 50)]);
    assert_eq!(ticks(Delay, 35), [(10, 35), (45, 45), (55, 55), (65, 65), (75, 75)]);
    assert_eq!(ticks(Skip, 35), [(10, 35), (40, 40), (50, 50), (60, 60), (70, 70)]);
    assert_eq!(ticks(Skip, 30), [(10, 30), (40, 40), (50, 50), (60, 60), (70, 70)]);
}

#[test]
fn a_tick_five_milliseconds_late_has_not_been_missed() {
    use MissedTickBehavior::{Burst, Delay, Skip};
    for behavior in [Burst, Delay, Skip] {
        let in_time = [(10, 15), (20, 20), (30, 30), (40, 40), (50, 50)];
        assert_eq!(ticks(behavior, 15), in_time);
    }
}

#[test]
fn an_interval_can_start_later_and_be_reset() {
    paused(async {
        let start = Instant::now();
        let mut interval = interval_at(start + 3 * MILLI, 10 * MILLI);
        assert_eq!(interval.period(), 10 * MILLI);
        assert!(poll_fn(|context| Poll::Ready(interval.poll_tick(context))).await.is_pending());
        assert_eq!(interval.tick().await - start, 3 * MILLI);
        advance(4 * MILLI).await;
        interval.reset();
        assert_eq!(interval.tick().await - start, 17 * MILLI);
        interval.reset_immediately();
        assert_eq!(interval.tick().await - start, 17 * MILLI);
        interval.reset_after(MILLI);
        assert_eq!(interval.tick().await - start, 18 * MILLI);
        interval.reset_at(start + 50 * MILLI);
        assert_eq!(interval.tick().await - start, 50 * MILLI);
        interval.reset_after(Duration::MAX);
        assert_eq!(time::interval(Duration::MAX).tick().await - start, 50 * MILLI);
    });
}

#[test]
#[should_panic(expected = "`period` must be non-zero.")]
fn an_interval_of_nothing_panics() {
    paused(async { drop(interval(Duration::ZERO)) });
}

#[test]
fn a_clock_that_stands_moves_only_by_hand_while_something_is_ready() {
    paused(async {
        let start = Instant::now();
        std::thread::sleep(2 * MILLI);
        task::yield_now().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        advance(Duration::from_nanos(1_500)).await;
        assert_eq!(start.elapsed(), Duration::from_nanos(1_500));
    });
}

#[test]
fn a_clock_runs_on_from_where_it_stood() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let running = Instant::now();
        pause();
        let stopped = Instant::now();
        assert!(running <= stopped, "it does not go back");
        std::thread::sleep(2 * MILLI);
        assert_eq!(Instant::now(), stopped);
        assert_eq!(time_of_sleep(Duration::from_secs(3_600)).await.as_secs(), 3_600);
        resume();
        while Instant::now() < stopped + Duration::from_secs(3_600) + 2 * MILLI {}
        assert!(stopped.elapsed() < Duration::from_secs(3_700));
    });
}

#[test]
fn a_clock_that_stands_waits_for_the_blocking_pool() {
    paused(async {
        let has_ended = Arc::new(AtomicBool::new(false));
        let ends = has_ended.clone();
        let _detached = task::spawn_blocking(move || {
            std::thread::sleep(20 * MILLI);
            ends.store(true, SeqCst);
        });
        sleep(Duration::from_secs(3_600)).await;
        assert!(has_ended.load(SeqCst));
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

/// Also after another runtime has stopped its clock.
#[test]
fn outside_a_runtime_an_instant_is_the_systems() {
    paused(async { Instant::now() });
    let before = std::time::Instant::now();
    let now = Instant::now();
    assert!(before <= now.into_std() && now.into_std() <= std::time::Instant::now());
}

#[test]
fn instants_add_and_subtract_without_going_below_zero() {
    let now = Instant::now();
    let mut later = now + MILLI;
    assert_eq!((later - now, now - later), (MILLI, Duration::ZERO));
    assert_eq!((later.duration_since(now), now.duration_since(later)), (MILLI, Duration::ZERO));
    assert_eq!(now.saturating_duration_since(later), Duration::ZERO);
    assert_eq!(
        (later.checked_duration_since(now), now.checked_duration_since(later)),
        (Some(MILLI), None)
    );
    assert_eq!((now.checked_add(MILLI), later.checked_sub(MILLI)), (Some(later), Some(now)));
    assert_eq!(now.checked_add(Duration::MAX), None);
    later += MILLI;
    later -= 2 * MILLI;
    assert_eq!(later, now);
    assert_eq!(Instant::from(std::time::Instant::from(now)), Instant::from_std(now.into_std()));
    assert_eq!(format!("{now:?}"), format!("{:?}", now.into_std()));
}

#[test]
#[should_panic(expected = "time is already frozen")]
fn a_clock_that_stands_cannot_be_stopped() {
    paused(async { pause() });
}

#[test]
#[should_panic(expected = "time is not frozen")]
fn a_clock_that_runs_cannot_be_started() {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async { resume() });
}

#[test]
#[should_panic(expected = "time is not frozen")]
fn a_clock_that_runs_cannot_be_moved() {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(advance(MILLI));
}

#[test]
#[should_panic(expected = "`time::pause()` requires the `current_thread`")]
fn a_multi_thread_runtime_cannot_stop_its_clock() {
    Builder::new_multi_thread().enable_all().build().unwrap().block_on(async { pause() });
}

#[test]
#[should_panic]
fn a_sleep_outside_a_runtime_panics() {
    drop(sleep(MILLI));
}
