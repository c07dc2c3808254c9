//! Small methods of tasks and runtimes.

use super::rt::{self, task, task::coop, task::yield_now, time};
use super::{local, on_each_flavor, one_thread, workers};
use std::rc::Rc;
use std::thread;
use std::time::Duration;
use utils::probe::Polls;

#[test]
fn a_set_is_extended_by_futures() {
    on_each_flavor(async || {
        let mut set = task::JoinSet::new();
        set.spawn(async { 0 });
        set.extend((1..4).map(|number| async move { number }));
        assert_eq!(set.len(), 4);
        let mut numbers = set.join_all().await;
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 2, 3]);
    });
}

#[test]
fn a_set_takes_closures_of_another_runtime() {
    let (here, there) = (one_thread(), one_thread());
    let mut set = task::JoinSet::new();
    // Outside of any runtime.
    set.spawn_blocking_on(|| thread::current().id(), there.handle());
    let other = here.block_on(set.join_next()).unwrap().unwrap();
    assert_ne!(other, thread::current().id());
}

#[test]
fn a_local_runtime_is_entered_and_has_a_pool() {
    let runtime = local();
    let here = thread::current().id();
    let there = runtime.spawn_blocking(|| thread::current().id());
    assert_ne!(runtime.block_on(there).unwrap(), here);
    let task = {
        let _entered = runtime.enter();
        let seven = Rc::new(7);
        task::spawn_local(async move { (*seven, thread::current().id()) })
    };
    assert_eq!(runtime.block_on(task).unwrap(), (7, here));
    assert_eq!(runtime.metrics().num_workers(), 1);
    assert!(rt::runtime::Handle::try_current().is_err());
    runtime.shutdown_background();
    local().shutdown_timeout(Duration::from_secs(1));
}

#[test]
fn consume_budget_gives_way_when_128_units_are_spent() {
    let polls = Polls::new();
    one_thread().block_on(async {
        let spends = polls.of(async {
            for _ in 0..127 {
                coop::consume_budget().await;
            }
            assert!(coop::has_budget_remaining());
            coop::consume_budget().await;
            assert!(!coop::has_budget_remaining());
            coop::consume_budget().await;
            assert!(coop::has_budget_remaining());
        });
        rt::spawn(spends).await.unwrap();
    });
    assert_eq!(polls.count(), 2);
    assert!(coop::has_budget_remaining(), "outside of a task there is no limit");
}

#[test]
fn a_cooperative_future_takes_a_unit_only_when_it_is_ready() {
    let polls = Polls::new();
    one_thread().block_on(async {
        let spends = polls.of(async {
            // Pending at first, in the first tick: of the second it takes one.
            coop::cooperative(yield_now()).await;
            for _ in 0..126 {
                coop::cooperative(async {}).await;
            }
            assert!(coop::has_budget_remaining());
            coop::cooperative(async {}).await;
            assert!(!coop::has_budget_remaining());
            // Without a budget there is no limit.
            coop::unconstrained(async {
                for _ in 0..1_000 {
                    coop::consume_budget().await;
                }
            })
            .await;
        });
        rt::spawn(spends).await.unwrap();
    });
    assert_eq!(polls.count(), 2);
}

#[test]
fn a_timeout_around_a_loop_that_consumes_budget_fires() {
    on_each_flavor(async || {
        let endless = async {
            loop {
                coop::consume_budget().await;
            }
        };
        let ended: Result<(), _> = time::timeout(Duration::from_millis(1), endless).await;
        ended.unwrap_err();
    });
}

#[test]
fn parks_are_counted() {
    let runtime = one_thread();
    let metrics = runtime.metrics();
    assert_eq!(metrics.worker_park_count(0), 0);
    runtime.block_on(async { time::sleep(Duration::from_millis(1)).await });
    let parks = metrics.worker_park_count(0);
    assert!(parks > 0);
    runtime.block_on(async { time::sleep(Duration::from_millis(1)).await });
    assert!(metrics.worker_park_count(0) > parks);

    let runtime = workers(1);
    let metrics = runtime.metrics();
    // It has nothing to do, and so parks, sooner or later; and each wake-up leads to another park.
    for parks in 0..3 {
        while metrics.worker_park_count(0) <= parks {
            thread::yield_now();
        }
        runtime.block_on(runtime.spawn(async {})).unwrap();
    }
}
