//! Operations on a `Sleep` and a `timeout`, and the threads that may call them.

use super::rt::{self, runtime::Builder};
use super::{LONG, paused, workers};
use rt::time::{Duration, Instant, advance, sleep, timeout, timeout_at};
use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::thread;
use utils::probe::CountingWaker;

const MILLI: Duration = Duration::from_millis(1);

#[test]
fn a_sleep_can_be_moved_both_ways_and_used_again() {
    paused(async {
        let start = Instant::now();
        let mut timer = pin!(sleep(10 * MILLI));
        assert_eq!(timer.deadline(), start + 10 * MILLI);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(timer.as_mut().poll(&mut cx).is_pending());
        timer.as_mut().reset(start + 50 * MILLI);
        timer.as_mut().await;
        assert_eq!(start.elapsed(), 50 * MILLI);
        assert!(timer.is_elapsed());

        timer.as_mut().reset(start + 5_000 * MILLI);
        assert!(!timer.is_elapsed());
        assert!(timer.as_mut().poll(&mut cx).is_pending());
        timer.as_mut().reset(start + 60 * MILLI);
        timer.as_mut().await;
        assert_eq!(start.elapsed(), 60 * MILLI);
        timer.as_mut().reset(start);
        timer.as_mut().await;
        assert_eq!(start.elapsed(), 60 * MILLI);
    });
}

/// It is in the wheel from then on, and nobody has to poll it.
#[test]
fn a_reset_starts_a_sleep_that_was_not_polled_or_has_fired() {
    paused(async {
        let start = Instant::now();
        let mut timer = pin!(sleep(10 * MILLI));
        timer.as_mut().reset(start + 5 * MILLI);
        assert!(!timer.is_elapsed());
        advance(6 * MILLI).await;
        assert!(timer.is_elapsed());
        timer.as_mut().reset(start + 15 * MILLI);
        assert!(!timer.is_elapsed());
        sleep(20 * MILLI).await;
        assert!(timer.is_elapsed());
        timer.as_mut().reset(start);
        assert!(timer.is_elapsed());

        let mut timer = pin!(sleep(10 * MILLI));
        timer.as_mut().reset(start);
        assert!(timer.is_elapsed());
        timer.await;
        assert_eq!(start.elapsed(), 26 * MILLI);
    });
}

/// Not even if the first panic is caught.
#[test]
fn a_sleep_whose_runtime_has_ended_panics_at_each_poll() {
    for state in ["new", "polled", "reset", "elapsed"] {
        let runtime = super::one_thread();
        let mut cx = Context::from_waker(Waker::noop());
        let mut timer = {
            let _entered = runtime.enter();
            Box::pin(sleep(Duration::from_secs(3_600)))
        };
        match state {
            "polled" => assert!(timer.as_mut().poll(&mut cx).is_pending()),
            "elapsed" => {
                let passed = timer.deadline() - Duration::from_secs(7_200);
                timer.as_mut().reset(passed);
                rt::block_on(&runtime, timer.as_mut());
            }
            _ => {}
        }
        drop(runtime);
        if state == "reset" {
            let deadline = timer.deadline();
            timer.as_mut().reset(deadline + MILLI);
        }
        for _ in 0..2 {
            let poll = AssertUnwindSafe(|| timer.as_mut().poll(&mut cx));
            catch_unwind(poll).expect_err(state);
        }
    }
}

#[test]
fn the_last_waker_of_a_sleep_is_woken_and_a_dropped_sleep_wakes_nobody() {
    paused(async {
        let [first, last, dropped] = [(); 3].map(|()| CountingWaker::new());
        let mut timer = pin!(sleep(5 * MILLI));
        for waker in [&first.1, &last.1] {
            assert!(timer.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
        }
        {
            let mut timer = pin!(sleep(5 * MILLI));
            assert!(timer.as_mut().poll(&mut Context::from_waker(&dropped.1)).is_pending());
        }
        sleep(10 * MILLI).await;
        assert_eq!([first.0.wakes(), last.0.wakes(), dropped.0.wakes()], [0, 1, 0]);
    });
}

#[test]
fn a_timeout_asks_its_future_first() {
    paused(async {
        let now = Instant::now();
        assert_eq!(timeout(Duration::ZERO, ready("value")).await.unwrap(), "value");
        assert_eq!(timeout(5 * MILLI, sleep(5 * MILLI)).await.ok(), Some(()));
        assert_eq!(timeout_at(now, ready("value")).await.unwrap(), "value");
        assert!(timeout_at(now, pending::<()>()).await.is_err());
        assert_eq!(now.elapsed(), 5 * MILLI);
        let late = timeout(10 * MILLI, sleep(11 * MILLI)).await.unwrap_err();
        assert_eq!(late.to_string(), "deadline has elapsed");
        assert_eq!(now.elapsed(), 15 * MILLI);
    });
}

/// The thread in the driver would sleep for an hour, were it not woken to look again.
#[test]
fn a_shorter_deadline_wakes_the_thread_that_sleeps_in_the_driver() {
    for count in [1, 2] {
        let runtime = workers(count);
        rt::spawn_on(&runtime, async { sleep(Duration::from_secs(3_600)).await });
        for _ in 0..20 {
            let (done, is_done) = mpsc::channel();
            thread::sleep(2 * MILLI);
            rt::spawn_on(&runtime, async move {
                sleep(MILLI).await;
                done.send(()).unwrap();
            });
            is_done.recv_timeout(LONG).expect("the driver sleeps on");
        }
    }
}

#[test]
fn each_runtime_has_its_own_clock() {
    let new = || Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let (first, second) = (new(), new());
    let start = second.block_on(async { Instant::now() });
    first.block_on(async {
        let begun = Instant::now();
        sleep(Duration::from_secs(3_600)).await;
        assert_eq!(begun.elapsed(), Duration::from_secs(3_600));
    });
    assert_eq!(second.block_on(async { Instant::now() }), start);
}

#[test]
fn a_timer_knows_its_runtime_wherever_it_is_polled() {
    let (here, there) = (super::one_thread(), workers(1));
    let timer = {
        let _entered = there.enter();
        sleep(2 * MILLI)
    };
    here.block_on(timer);
    let mut cx = Context::from_waker(Waker::noop());
    let other = {
        let _entered = there.enter();
        Box::pin(sleep(Duration::ZERO))
    };
    let mut other = other;
    let start = std::time::Instant::now();
    while other.as_mut().poll(&mut cx) == Poll::Pending {
        assert!(start.elapsed() < LONG);
        thread::yield_now();
    }
}
