//! Intervals, what they do about missed ticks, and the clock that is stopped by hand.

use super::rt::{self, runtime::Builder, spawn_blocking};
use super::{one_thread, paused, workers};
use rt::time::{
    Duration, Instant, MissedTickBehavior, advance, interval, interval_at, pause, resume, sleep,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

const MILLI: Duration = Duration::from_millis(1);

/// When the ticks after a delay of 35 ms came, and for when they had been set, in milliseconds.
fn ticks_after_a_delay(behaviour: MissedTickBehavior) -> Vec<(u128, u128)> {
    paused(async {
        let start = Instant::now();
        let mut ticks = interval(10 * MILLI);
        ticks.set_missed_tick_behavior(behaviour);
        assert_eq!(ticks.missed_tick_behavior(), behaviour);
        ticks.tick().await;
        advance(35 * MILLI).await;
        let mut seen = Vec::new();
        for _ in 0..5 {
            let due = ticks.tick().await;
            seen.push((start.elapsed().as_millis(), (due - start).as_millis()));
        }
        seen
    })
}

#[test]
fn missed_ticks_are_caught_up_with_or_delay_the_rest_or_are_skipped() {
    let burst = [(35, 10), (35, 20), (35, 30), (40, 40), (50, 50)];
    assert_eq!(ticks_after_a_delay(MissedTickBehavior::Burst), burst);
    let delay = [(35, 10), (45, 45), (55, 55), (65, 65), (75, 75)];
    assert_eq!(ticks_after_a_delay(MissedTickBehavior::Delay), delay);
    let skip = [(35, 10), (40, 40), (50, 50), (60, 60), (70, 70)];
    assert_eq!(ticks_after_a_delay(MissedTickBehavior::Skip), skip);
}

#[test]
fn the_default_is_a_burst() {
    assert_eq!(MissedTickBehavior::default(), MissedTickBehavior::Burst);
}

#[test]
fn the_first_tick_is_at_once_or_at_its_start() {
    paused(async {
        let start = Instant::now();
        let mut ticks = interval(10 * MILLI);
        assert_eq!(ticks.period(), 10 * MILLI);
        assert_eq!(ticks.tick().await, start);
        assert_eq!(ticks.tick().await, start + 10 * MILLI);
        let mut later = interval_at(start + 25 * MILLI, 10 * MILLI);
        assert_eq!(later.tick().await, start + 25 * MILLI);
        assert_eq!(later.tick().await, start + 35 * MILLI);
        assert_eq!(start.elapsed(), 35 * MILLI);
    });
}

#[test]
fn a_reset_starts_a_new_period() {
    paused(async {
        let start = Instant::now();
        let mut ticks = interval(10 * MILLI);
        ticks.tick().await;
        sleep(7 * MILLI).await;
        ticks.reset();
        assert_eq!(ticks.tick().await, start + 17 * MILLI);
    });
}

#[test]
fn a_tick_that_is_dropped_is_not_lost() {
    paused(async {
        let start = Instant::now();
        let mut ticks = interval(10 * MILLI);
        ticks.tick().await;
        rt::time::timeout(5 * MILLI, ticks.tick()).await.unwrap_err();
        assert_eq!(ticks.tick().await, start + 10 * MILLI);
        assert_eq!(start.elapsed(), 10 * MILLI);
    });
}

#[test]
fn a_period_of_zero_panics() {
    let message = paused(async {
        *catch_unwind(|| interval(Duration::ZERO)).unwrap_err().downcast::<&str>().unwrap()
    });
    assert_eq!(message, "`period` must be non-zero.");
}

/// A clock that stands jumps only when every task waits for it.
#[test]
fn the_clock_does_not_jump_while_a_task_is_ready() {
    paused(async {
        let start = Instant::now();
        let far = rt::spawn(sleep(Duration::from_secs(3_600)));
        for _ in 0..1_000 {
            rt::task::yield_now().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        far.await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_secs(3_600));
    });
}

#[test]
fn the_clock_does_not_jump_while_a_closure_runs_on_the_pool() {
    paused(async {
        let start = Instant::now();
        let closure = spawn_blocking(|| std::thread::sleep(30 * MILLI));
        tokio::select! {
            () = sleep(Duration::from_secs(3_600)) => panic!("the clock jumped"),
            closure = closure => closure.unwrap(),
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    });
}

/// Only the jump of `advance` itself: it fires what lies on its way, and ends where it was told.
#[test]
fn advance_moves_the_clock_by_exactly_its_duration() {
    paused(async {
        let start = Instant::now();
        let (log, fired) = mpsc::channel();
        for millis in [30, 10, 20, 60] {
            let log = log.clone();
            rt::spawn(async move {
                sleep(millis * MILLI).await;
                log.send(millis).unwrap();
            });
        }
        rt::task::yield_now().await;
        advance(50 * MILLI).await;
        assert_eq!(start.elapsed(), 50 * MILLI);
        rt::task::yield_now().await;
        assert_eq!(fired.try_iter().collect::<Vec<_>>(), [10, 20, 30]);
        advance(Duration::from_nanos(1)).await;
        assert_eq!(start.elapsed(), 50 * MILLI + Duration::from_nanos(1));
    });
}

#[test]
fn a_clock_can_be_stopped_and_goes_on() {
    rt::block_on(&one_thread(), async {
        pause();
        let start = Instant::now();
        sleep(Duration::from_secs(3_600)).await;
        // It was stopped between two milliseconds.
        let jumped = start.elapsed() - Duration::from_secs(3_600);
        assert!(jumped <= MILLI, "{jumped:?}");
        resume();
        let (hour, wall) = (Instant::now(), std::time::Instant::now());
        sleep(3 * MILLI).await;
        assert!(wall.elapsed() >= 3 * MILLI && hour.elapsed() >= 3 * MILLI);
        assert!(start.elapsed() >= Duration::from_secs(3_600));
    });
}

#[test]
fn a_clock_is_stopped_once_and_only_on_one_thread() {
    let panics = |work: &dyn Fn()| catch_unwind(AssertUnwindSafe(work)).is_err();
    assert!(panics(&|| paused(async { pause() })), "it stands already");
    assert!(panics(&|| rt::block_on(&one_thread(), async { resume() })), "it goes already");
    let real = one_thread();
    assert!(panics(&|| real.block_on(advance(MILLI))), "it goes by itself");
    let two = workers(2);
    assert!(panics(&|| two.block_on(async { pause() })), "two threads");
    let built = catch_unwind(|| {
        Builder::new_multi_thread().enable_all().start_paused(true).build().map(drop)
    });
    assert!(built.is_err(), "two threads");
}
