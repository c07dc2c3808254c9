//! A task gives way after 128 operations on the runtime's own resources.

use super::rt::{self, task::yield_now, time};
use super::{LONG, one_thread, paused, spend, workers};
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use utils::probe::Polls;

/// Polls of a task that takes `units`.
async fn polls_of(units: usize) -> usize {
    let polls = Polls::new();
    rt::spawn(polls.of(spend(units))).await.unwrap();
    polls.count()
}

#[test]
fn a_budget_is_128_operations() {
    rt::block_on(&one_thread(), async {
        assert_eq!(polls_of(128).await, 1);
        assert_eq!(polls_of(129).await, 2);
        assert_eq!(polls_of(256).await, 2);
        assert_eq!(polls_of(1_000).await, 8);
    });
    rt::block_on(&workers(2), async { assert_eq!(polls_of(1_000).await, 8) });
}

#[test]
fn the_root_future_has_a_budget_too() {
    let runtimes: [fn() -> rt::runtime::Runtime; 2] = [one_thread, || workers(1)];
    for runtime in runtimes {
        let polls = Polls::new();
        rt::block_on(&runtime(), polls.of(spend(1_000)));
        assert_eq!(polls.count(), 8);
    }
}

/// A task whose budget is used up goes to the back of the queue: its neighbour runs.
#[test]
fn the_neighbour_has_a_turn_for_every_budget() {
    for (count, expected) in [(1_000, 7), (128, 0)] {
        let turns = Polls::new();
        rt::block_on(&one_thread(), async {
            let neighbour = turns.of(async {
                loop {
                    yield_now().await;
                }
            });
            let task = rt::spawn(spend(count));
            let neighbour = rt::spawn(neighbour);
            task.await.unwrap();
            neighbour.abort();
        });
        // The root, which hears of the end one round later, is no part of this.
        assert!((expected..=expected + 1).contains(&turns.count()), "{}", turns.count());
    }
}

#[test]
fn unconstrained_takes_the_limit_away() {
    rt::block_on(&one_thread(), async {
        let polls = Polls::new();
        rt::spawn(polls.of(rt::unconstrained(spend(1_000)))).await.unwrap();
        assert_eq!(polls.count(), 1);
    });
}

/// Operations inside are free. Those before and after still count.
#[test]
fn unconstrained_ends_with_its_future() {
    rt::block_on(&one_thread(), async {
        let polls = Polls::new();
        let mixed = polls.of(async {
            spend(64).await;
            rt::unconstrained(spend(1_000)).await;
            spend(64).await;
        });
        rt::spawn(mixed).await.unwrap();
        assert_eq!(polls.count(), 1);
        let polls = Polls::new();
        let mixed = polls.of(async {
            rt::unconstrained(spend(1_000)).await;
            spend(129).await;
        });
        rt::spawn(mixed).await.unwrap();
        assert_eq!(polls.count(), 2);
    });
}

/// Repeats a ready operation until it gives way; how often it was ready.
async fn ready_in_a_row(mut operation: impl AsyncFnMut()) -> usize {
    let mut done = 0;
    {
        let mut all = pin!(async {
            loop {
                operation().await;
                done += 1;
                assert!(done <= 1_000, "it never gives way");
            }
        });
        // A whole budget, however much was spent before.
        yield_now().await;
        assert!(poll_fn(|cx| Poll::Ready(all.as_mut().poll(cx).is_pending())).await);
    }
    done
}

#[test]
fn sleeps_intervals_and_join_handles_take_part() {
    paused(async {
        let past = time::Instant::now();
        time::advance(Duration::from_secs(2)).await;
        assert_eq!(ready_in_a_row(async || time::sleep_until(past).await).await, 128, "sleep");
        let mut ticks = time::interval_at(past, Duration::from_millis(1));
        assert_eq!(ready_in_a_row(async || _ = ticks.tick().await).await, 128, "interval");

        let mut tasks: Vec<_> = (0..300).map(|number| rt::spawn(async move { number })).collect();
        let mut set: rt::task::JoinSet<_> = rt::task::JoinSet::new();
        (0..300).for_each(|_| drop(rt::spawn_in(&mut set, async {})));
        for _ in 0..20 {
            yield_now().await;
        }
        let joins = async || _ = tasks.pop().unwrap().await.unwrap();
        assert_eq!(ready_in_a_row(joins).await, 128, "join handle");
        let joins = async || set.join_next().await.unwrap().unwrap();
        assert_eq!(ready_in_a_row(joins).await, 128, "join set");
    });
}

#[test]
fn an_operation_that_is_pending_costs_nothing() {
    paused(async {
        let mut never = pin!(time::sleep(Duration::from_secs(1)));
        let task = rt::spawn(pending::<()>());
        let mut handle = pin!(task);
        let mut spent = pin!(spend(128));
        yield_now().await;
        let ready = poll_fn(|cx| {
            for _ in 0..1_000 {
                assert!(never.as_mut().poll(cx).is_pending());
                assert!(handle.as_mut().poll(cx).is_pending());
            }
            Poll::Ready(spent.as_mut().poll(cx).is_ready())
        });
        assert!(ready.await);
    });
}

/// Two branches of one task share its budget; two tasks do not.
#[test]
fn the_budget_is_that_of_the_task() {
    rt::block_on(&one_thread(), async {
        let polls = Polls::new();
        let branches = async { tokio::join!(spend(100), spend(100)) };
        rt::spawn(polls.of(branches)).await.unwrap();
        assert_eq!(polls.count(), 2);
        let polls = [Polls::new(), Polls::new()];
        let tasks = polls.each_ref().map(|polls| rt::spawn(polls.of(spend(100))));
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(polls.map(|polls| polls.count()), [1, 1]);
    });
}

/// The inner future always uses the budget up before the timer is asked.
#[test]
fn a_timeout_ends_a_future_that_uses_up_every_budget() {
    for runtime in [one_thread(), workers(1)] {
        let task = rt::spawn_on(&runtime, async {
            time::timeout(Duration::from_millis(20), async {
                loop {
                    spend(1).await;
                }
            })
            .await
        });
        let ended = rt::block_on(&runtime, async { time::timeout(LONG, task).await });
        let elapsed: Result<(), _> = ended.expect("it never ends").unwrap();
        elapsed.unwrap_err();
    }
}

/// Inside `block_in_place` and outside of tasks there is none.
#[test]
fn blocking_code_has_no_budget() {
    rt::block_on(&workers(1), async {
        let task = rt::spawn(async {
            rt::task::block_in_place(|| {
                let mut spent = pin!(spend(1_000));
                let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
                spent.as_mut().poll(&mut cx).is_ready()
            })
        });
        assert!(task.await.unwrap());
    });
}
