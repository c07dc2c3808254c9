//! To drop a future is to cancel it: at once, once, and without a trace in the runtime.

use super::rt::{self, task::yield_now, time};
use super::{one_thread, paused, workers};
use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use time::{Instant, interval, sleep, sleep_until, timeout, timeout_at};
use tokio::sync::oneshot;
use utils::probe::{DropLog, Polls};

const MILLI: Duration = Duration::from_millis(1);

#[test]
fn select_drops_the_losers_at_their_await() {
    paused(async {
        let log = DropLog::new();
        let start = Instant::now();
        let loser = async {
            let _guard = log.guard("loser dropped");
            sleep(10 * MILLI).await;
            log.note("never");
        };
        tokio::select! {
            () = loser => unreachable!(),
            () = sleep(5 * MILLI) => log.note("winner"),
        }
        assert_eq!(start.elapsed(), 5 * MILLI);
        sleep(20 * MILLI).await;
        assert_eq!(log.entries(), ["loser dropped", "winner"]);
    });
}

#[test]
fn a_timeout_drops_its_future_when_it_is_dropped_itself() {
    paused(async {
        let log = DropLog::new();
        let slow = async {
            let _guard = log.guard("dropped");
            pending::<()>().await;
        };
        let late = timeout(5 * MILLI, slow);
        assert!(late.await.is_err());
        assert_eq!(log.entries(), ["dropped"]);
    });
}

/// Only what was in the future goes. A task of its own goes on.
#[test]
fn a_dropped_join_handle_cancels_nothing() {
    paused(async {
        let log = DropLog::new();
        let done = log.clone();
        let task = rt::spawn(async move {
            sleep(10 * MILLI).await;
            done.note("finished");
        });
        assert!(timeout(5 * MILLI, task).await.is_err());
        sleep(6 * MILLI).await;
        assert_eq!(log.entries(), ["finished"]);
    });
}

#[test]
fn a_reference_to_a_join_handle_can_be_awaited_again() {
    paused(async {
        let mut task = rt::spawn(async {
            sleep(10 * MILLI).await;
            "value"
        });
        for _ in 0..3 {
            assert!(timeout(2 * MILLI, &mut task).await.is_err());
        }
        assert_eq!(task.await.unwrap(), "value");
    });
}

/// A million is a thousand too many: each sleep leaves the wheel when it is dropped.
#[test]
fn cancelled_timers_do_not_pile_up_or_fire() {
    paused(async {
        let polls = Polls::new();
        for _ in 0..100_000 {
            let mut timer = pin!(sleep(10_000 * MILLI));
            poll_fn(|cx| {
                assert!(timer.as_mut().poll(cx).is_pending());
                Poll::Ready(())
            })
            .await;
        }
        let start = Instant::now();
        polls.of(sleep(20_000 * MILLI)).await;
        assert_eq!((polls.count(), start.elapsed()), (2, 20_000 * MILLI));
    });
}

/// Polls until the drop; it passes zero once.
type Cut = Cell<usize>;

/// Runs `operation`. The drop finds it woken and not yet polled, and it starts anew.
async fn again<T>(cut: &Cut, mut operation: impl AsyncFnMut() -> T) -> T {
    loop {
        let mut attempt = pin!(operation());
        let finished = poll_fn(|cx| match cut.replace(cut.get().wrapping_sub(1)) {
            0 => Poll::Ready(None),
            _ => attempt.as_mut().poll(cx).map(Some),
        });
        if let Some(value) = finished.await {
            return value;
        }
    }
}

/// How much longer `scenario` takes when it is dropped before one of its polls, at the most.
fn time_lost(scenario: impl AsyncFn(&Cut)) -> Duration {
    let run = |cut: &Cut| {
        paused(async {
            let start = Instant::now();
            scenario(cut).await;
            start.elapsed()
        })
    };
    let whole = run(&Cut::new(usize::MAX));
    let lost = (0..20).map(|poll| run(&Cut::new(poll)) - whole);
    lost.max().unwrap()
}

#[test]
fn a_deadline_survives_a_drop_and_a_duration_begins_anew() {
    let lost = time_lost(async |cut| {
        let mut ticks = interval(MILLI);
        for _ in 0..3 {
            again(cut, async || _ = ticks.tick().await).await;
        }
    });
    assert_eq!(lost, Duration::ZERO, "interval");
    let lost = time_lost(async |cut| {
        let end = Instant::now() + 2 * MILLI;
        again(cut, async || sleep_until(end).await).await;
        let end = Instant::now() + 2 * MILLI;
        assert!(again(cut, async || timeout_at(end, pending::<()>()).await).await.is_err());
        let mut timer = pin!(sleep(2 * MILLI));
        again(cut, async || timer.as_mut().await).await;
        let mut task = rt::spawn(sleep(2 * MILLI));
        again(cut, async || (&mut task).await.unwrap()).await;
    });
    assert_eq!(lost, Duration::ZERO, "deadlines");
    let lost = time_lost(async |cut| again(cut, async || sleep(2 * MILLI).await).await);
    assert_eq!(lost, 2 * MILLI, "sleep");
    let lost = time_lost(async |cut| {
        assert!(again(cut, async || timeout(2 * MILLI, pending::<()>()).await).await.is_err());
    });
    assert_eq!(lost, 2 * MILLI, "timeout");
}

/// The task was woken through a future that it has dropped since: one poll too many, no more.
#[test]
fn a_wake_for_a_branch_that_is_gone_is_harmless() {
    rt::block_on(&one_thread(), async {
        let (polls, log) = (Polls::new(), DropLog::new());
        let (sender, receiver) = oneshot::channel::<()>();
        let done = log.clone();
        let task = rt::spawn(polls.of(async move {
            tokio::select! {
                biased;
                _ = receiver => done.note("received"),
                () = yield_now() => done.note("gave way"),
            }
            pending::<()>().await;
        }));
        for _ in 0..5 {
            yield_now().await;
        }
        assert!(sender.send(()).is_err(), "its receiver is gone");
        for _ in 0..5 {
            yield_now().await;
        }
        assert_eq!((polls.count(), log.entries()), (2, vec!["gave way"]));
        task.abort();
    });
}

/// The runtime remembers a yield until its next driver poll: the future may be gone by then.
#[test]
fn a_dropped_yield_leaves_nothing_behind() {
    for runtime in [one_thread(), workers(1)] {
        let polls = Polls::new();
        let task = rt::spawn_on(
            &runtime,
            polls.of(async {
                for _ in 0..10 {
                    tokio::select! {
                        biased;
                        () = yield_now() => unreachable!(),
                        () = async {} => {}
                    }
                }
            }),
        );
        rt::block_on(&runtime, task).unwrap();
        assert_eq!(polls.count(), 1);
        assert_eq!(rt::block_on(&runtime, rt::spawn_on(&runtime, async { 1 })).unwrap(), 1);
    }
}
