//! A `JoinSet` owns its tasks: in order of their end, aborted with it, none lost.

use super::rt::{self, task::JoinSet, task::yield_now, time};
use super::{one_thread, paused, workers};
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::task::Poll;
use std::time::Duration;
use utils::probe::DropLog;

const MILLI: Duration = Duration::from_millis(1);

async fn after(millis: u32) -> u32 {
    time::sleep(millis * MILLI).await;
    millis
}

#[test]
fn results_come_in_the_order_of_completion() {
    paused(async {
        let mut set = JoinSet::new();
        assert!(set.is_empty() && set.join_next().await.is_none());
        // Asked while they run, or when all are over.
        for before_the_first_look in [0, 50] {
            for millis in [30, 10, 20] {
                rt::spawn_in(&mut set, after(millis));
            }
            assert_eq!(set.len(), 3);
            time::sleep(before_the_first_look * MILLI).await;
            let mut order = Vec::new();
            while let Some(result) = set.join_next().await {
                order.push(result.unwrap());
            }
            assert_eq!(order, [10, 20, 30]);
        }
        assert!(set.is_empty());
        // It can be filled again.
        rt::spawn_in(&mut set, after(1));
        assert_eq!(set.join_next().await.unwrap().unwrap(), 1);
    });
}

#[test]
fn a_dropped_set_aborts_its_tasks() {
    for runtime in [one_thread(), workers(2)] {
        let log = DropLog::new();
        rt::block_on(&runtime, async {
            let mut set = JoinSet::new();
            let handles: Vec<_> = ["dropped"; 3]
                .map(|name| {
                    let guard = log.guard(name);
                    rt::spawn_in(&mut set, async move {
                        let _guard = guard;
                        pending::<()>().await;
                    })
                })
                .into();
            yield_now().await;
            drop(set);
            for handle in handles {
                while !handle.is_finished() {
                    yield_now().await;
                }
            }
        });
        assert_eq!(log.entries(), ["dropped"; 3]);
    }
}

#[test]
fn shutdown_waits_until_all_are_gone() {
    for runtime in [one_thread(), workers(2)] {
        let log = DropLog::new();
        rt::block_on(&runtime, async {
            let mut set = JoinSet::new();
            for _ in 0..5 {
                let guard = log.guard("dropped");
                rt::spawn_in(&mut set, async move {
                    let _guard = guard;
                    pending::<()>().await;
                });
            }
            set.shutdown().await;
            assert_eq!(log.entries(), ["dropped"; 5]);
            assert!(set.is_empty());
        });
    }
}

#[test]
fn abort_all_leaves_the_errors_to_be_joined() {
    rt::block_on(&one_thread(), async {
        let mut set = JoinSet::new();
        (0..5).for_each(|_| drop(rt::spawn_in(&mut set, pending::<()>())));
        let finished = rt::spawn_in(&mut set, async {});
        while !finished.is_finished() {
            yield_now().await;
        }
        set.abort_all();
        assert_eq!(set.len(), 6);
        let mut ends = [0, 0];
        while let Some(result) = set.join_next().await {
            match result {
                Ok(()) => ends[0] += 1,
                Err(error) => {
                    assert!(error.is_cancelled());
                    ends[1] += 1;
                }
            }
        }
        assert_eq!(ends, [1, 5]);
    });
}

#[test]
fn a_detached_set_lets_its_tasks_run_on() {
    paused(async {
        let log = DropLog::new();
        let mut set = JoinSet::new();
        let done = log.clone();
        rt::spawn_in(&mut set, async move {
            after(5).await;
            done.note("finished");
        });
        set.detach_all();
        assert!(set.is_empty());
        drop(set);
        time::sleep(6 * MILLI).await;
        assert_eq!(log.entries(), ["finished"]);
    });
}

#[test]
fn a_task_can_be_aborted_by_its_own_handle() {
    paused(async {
        let mut set = JoinSet::new();
        let first = rt::spawn_in(&mut set, after(1));
        rt::spawn_in(&mut set, after(2));
        first.abort();
        assert!(set.join_next().await.unwrap().unwrap_err().is_cancelled());
        assert_eq!(set.join_next().await.unwrap().unwrap(), 2);
        assert!(set.join_next().await.is_none());
    });
}

#[test]
fn panics_come_as_errors_and_join_all_hands_them_on() {
    rt::block_on(&one_thread(), async {
        let panicking = async || -> u32 { resume_unwind(Box::new("on purpose")) };
        let mut set = JoinSet::new();
        rt::spawn_in(&mut set, panicking());
        assert!(set.join_next().await.unwrap().unwrap_err().is_panic());
    });
    let runtime = one_thread();
    let all = catch_unwind(AssertUnwindSafe(|| {
        rt::block_on(&runtime, async {
            let mut set: JoinSet<u32> = JoinSet::new();
            rt::spawn_in(&mut set, async { resume_unwind(Box::new("on purpose")) });
            set.join_all().await
        })
    }));
    assert_eq!(all.unwrap_err().downcast_ref(), Some(&"on purpose"));
}

/// Cancel safe: a task that has ended before the drop of `join_next` is still in the set.
#[test]
fn a_dropped_join_next_loses_nothing() {
    paused(async {
        let mut set = JoinSet::new();
        (1..=20).for_each(|millis| drop(rt::spawn_in(&mut set, after(3 * millis))));
        let mut order = Vec::new();
        while !set.is_empty() {
            if let Ok(Some(result)) = time::timeout(2 * MILLI, set.join_next()).await {
                order.push(result.unwrap());
            }
        }
        assert!(order.into_iter().eq((1..=20).map(|millis| 3 * millis)));
    });
}

#[test]
fn try_join_next_does_not_wait() {
    rt::block_on(&one_thread(), async {
        let mut set = JoinSet::new();
        assert!(set.try_join_next().is_none());
        let finished = rt::spawn_in(&mut set, async { 7 });
        rt::spawn_in(&mut set, pending());
        assert!(set.try_join_next().is_none());
        while !finished.is_finished() {
            yield_now().await;
        }
        assert_eq!(set.try_join_next().unwrap().unwrap(), 7);
        assert!(set.try_join_next().is_none());
        assert_eq!(set.len(), 1);
    });
}

#[test]
fn ten_thousand_tasks_on_two_workers_are_joined_once_each() {
    rt::block_on(&workers(2), async {
        let mut set = JoinSet::new();
        (0..10_000_u32).for_each(|number| drop(rt::spawn_in(&mut set, async move { number })));
        let mut joined = Vec::new();
        while let Some(result) = set.join_next().await {
            joined.push(result.unwrap());
        }
        joined.sort_unstable();
        assert!(joined.into_iter().eq(0..10_000));
        let mut set = JoinSet::new();
        (0..1_000_u32).for_each(|number| drop(set.spawn_blocking(move || number)));
        let mut all = rt::spawn(set.join_all()).await.unwrap();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..1_000));
    });
}

/// It is not asynchronous, and so cannot give way.
#[test]
fn try_join_next_has_no_budget() {
    rt::block_on(&one_thread(), async {
        let mut set = JoinSet::new();
        (0..300).for_each(|_| drop(rt::spawn_in(&mut set, async {})));
        for _ in 0..20 {
            yield_now().await;
        }
        assert_eq!(std::iter::from_fn(|| set.try_join_next()).count(), 300);
    });
}

/// The waker of the last `poll_join_next` is called, even after other calls in between.
#[test]
fn try_join_next_takes_no_wake_up_away() {
    rt::block_on(&one_thread(), async {
        let mut set = JoinSet::new();
        rt::spawn_in(&mut set, async { yield_now().await });
        let both = poll_fn(|cx| match set.poll_join_next(cx) {
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => {
                assert!(set.try_join_next().is_none());
                Poll::Pending
            }
        });
        let joined = time::timeout(super::LONG, both).await;
        joined.expect("nobody was woken").unwrap().unwrap();
    });
}
