//! Promise: a timeline points out these six things by itself, and leaves what looks alike in peace.

#![cfg(tokio_unstable)] // without the flag Tokio reports nothing

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;
use timeline::model::FindingKind::{self, *};
use timeline::named;
use tokio::task::{LocalSet, spawn_blocking, yield_now};
use tokio::time::sleep;

/// Returns the findings of a run, each with the lane that it is about.
fn found<F: Future>(future: F) -> Vec<(FindingKind, String)> {
    let (_, timeline) = timeline::record(future).unwrap();
    let findings = timeline.findings.iter();
    findings.map(|finding| (finding.kind, timeline.lane(finding.lane).name.clone())).collect()
}

fn one(kind: FindingKind, lane: &str) -> Vec<(FindingKind, String)> {
    vec![(kind, lane.to_string())]
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn a_poll_that_blocks_its_thread_is_found_at_the_innermost_future() {
    let found = found(async { named("parse", async { std::thread::sleep(ms(400)) }).await });
    assert_eq!(found, one(LongPoll, "parse"));
}

#[test]
fn a_long_wait_or_a_long_closure_is_no_long_poll() {
    let found = found(async {
        sleep(ms(1000)).await;
        spawn_blocking(|| std::thread::sleep(ms(400))).await.unwrap();
    });
    assert_eq!(found, []);
}

/// Wakes itself in `polls` polls in a row.
async fn spin(polls: usize) {
    let mut left = polls;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[test]
fn a_task_that_wakes_itself_ten_times_in_a_row_is_found() {
    assert_eq!(found(async { tokio::spawn(spin(10)).await.unwrap() }), one(SelfWake, "task 1"));
}

#[test]
fn a_task_that_wakes_itself_less_often_or_yields_is_left_in_peace() {
    let found = found(async {
        tokio::spawn(spin(9)).await.unwrap();
        for _ in 0..50 {
            yield_now().await;
        }
    });
    assert_eq!(found, []);
}

#[test]
fn pending_without_a_waker_kept_is_found() {
    assert_eq!(
        found(async { tokio::spawn(pending::<()>()).await.unwrap() }),
        one(NoWaker, "task 1")
    );
    let branch = async { tokio::join!(named("never", pending::<()>()), sleep(ms(1))) };
    assert_eq!(found(branch), one(NoWaker, "never"));
}

#[test]
fn a_branch_that_never_ends_and_loses_is_left_in_peace() {
    let found = found(async {
        tokio::select! {
            () = named("never", pending()) => {}
            () = sleep(ms(1)) => {}
        }
        sleep(ms(1)).await;
    });
    assert_eq!(found, []);
}

type Slot = Arc<Mutex<Option<Waker>>>;

/// Keeps its waker in `slot` once, and is ready the next time.
async fn wait_in(slot: Slot) {
    let mut has_waited = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut has_waited, true) {
            return Poll::Ready(());
        }
        *slot.lock().unwrap() = Some(cx.waker().clone());
        Poll::Pending
    })
    .await;
}

#[test]
fn a_waker_that_is_dropped_without_a_wake_is_found() {
    let lost = |branch: bool| async move {
        let slot = Slot::default();
        let waits = wait_in(slot.clone());
        let task = if branch { tokio::spawn(named("branch", waits)) } else { tokio::spawn(waits) };
        sleep(ms(1)).await;
        *slot.lock().unwrap() = None;
        task.await.unwrap();
    };
    assert_eq!(found(lost(false)), one(LostWaker, "task 1"));
    assert_eq!(found(lost(true)), one(LostWaker, "branch"));
}

#[test]
fn a_waker_that_is_used_or_that_goes_with_its_task_is_left_in_peace() {
    let found = found(async {
        let slot = Slot::default();
        let task = tokio::spawn(wait_in(slot.clone()));
        sleep(ms(1)).await;
        slot.lock().unwrap().take().unwrap().wake();
        task.await.unwrap();
        let aborted = tokio::spawn(wait_in(slot));
        sleep(ms(1)).await;
        aborted.abort();
        aborted.await.unwrap_err();
    });
    assert_eq!(found, []);
}

#[test]
fn a_branch_that_is_woken_and_not_polled_any_more_is_found() {
    let found = found(async {
        let mut slow = pin!(named("slow", sleep(ms(20))));
        tokio::select! {
            () = &mut slow => {}
            () = sleep(ms(10)) => {}
        }
        sleep(ms(100)).await;
    });
    assert_eq!(found, one(NeverPolledAgain, "slow"));
}

#[test]
fn a_branch_that_is_polled_later_is_left_in_peace() {
    let found = found(async {
        let mut slow = pin!(named("slow", sleep(ms(20))));
        tokio::select! {
            () = &mut slow => {}
            () = sleep(ms(10)) => {}
        }
        sleep(ms(100)).await;
        slow.await;
    });
    assert_eq!(found, []);
}

#[test]
fn a_task_of_a_local_set_that_nobody_drives_any_more_is_found() {
    let found = found(async {
        let local = LocalSet::new();
        local.spawn_local(async { sleep(ms(20)).await });
        local.run_until(sleep(ms(10))).await;
        sleep(ms(5000)).await;
    });
    assert_eq!(found, one(NeverPolledAgain, "task 1"));
}

#[test]
fn a_task_of_a_local_set_that_is_driven_is_left_in_peace() {
    let found = found(async {
        let local = LocalSet::new();
        local.spawn_local(async { sleep(ms(20)).await });
        local.await;
        sleep(ms(5000)).await;
    });
    assert_eq!(found, []);
}

/// Leaves a branch behind that waits for the lock, or drops it, and then takes the lock itself.
async fn lock_beside_a_branch(keeps_branch: bool) {
    let lock = tokio::sync::Mutex::new(());
    let guard = lock.lock().await;
    let mut branch = Box::pin(named("branch", async { drop(lock.lock().await) }));
    tokio::select! {
        () = &mut branch => {}
        () = sleep(ms(10)) => {}
    }
    let _kept = keeps_branch.then_some(branch);
    drop(guard);
    drop(lock.lock().await);
}

#[test]
fn a_lock_of_a_branch_that_nobody_polls_is_found() {
    assert_eq!(found(lock_beside_a_branch(true)), one(HeldByNobody, "branch"));
    assert_eq!(found(lock_beside_a_branch(false)), []);
}

#[test]
fn a_permit_of_a_branch_that_nobody_polls_is_found() {
    let (_, timeline) = timeline::record(async {
        let permits = tokio::sync::Semaphore::new(1);
        let branch = named("branch", async {
            let _permit = permits.acquire().await.unwrap();
            sleep(ms(20)).await;
        });
        let mut branch = pin!(branch);
        tokio::select! {
            () = &mut branch => {}
            () = sleep(ms(10)) => {}
        }
        drop(permits.acquire().await);
    })
    .unwrap();
    let [found] = &timeline.findings[..] else { panic!("{:?}", timeline.findings) };
    assert_eq!(found.kind, HeldByNobody);
    assert!(found.text.starts_with("branch has a permit of Semaphore"), "{}", found.text);
    assert!(found.text.contains("while main waits for one too: a futurelock."), "{}", found.text);
}

/// The branch was polled first, and its last poll found the lock taken.
#[test]
fn the_handler_waits_for_a_lock_and_not_the_branch_that_has_it() {
    let (_, timeline) = timeline::record(async {
        let lock = tokio::sync::Mutex::new(());
        let guard = lock.lock().await;
        let mut branch = pin!(named("branch", async { drop(lock.lock().await) }));
        tokio::select! {
            () = &mut branch => {}
            () = sleep(ms(10)) => {}
        }
        drop(guard);
        named("handler", async { drop(lock.lock().await) }).await;
    })
    .unwrap();
    let text = &timeline.findings[0].text;
    assert!(text.starts_with("branch has Mutex"), "{text}");
    assert!(text.contains("while handler waits for the same lock: a futurelock."), "{text}");
}

#[test]
fn a_lock_that_waits_for_itself_is_found() {
    let found = found(async {
        let lock = tokio::sync::Mutex::new(());
        let _guard = lock.lock().await;
        let _again = lock.lock().await;
    });
    assert_eq!(found, one(HeldByNobody, "main"));
}

#[test]
fn a_lock_that_comes_back_is_left_in_peace() {
    let found = found(async {
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        let guard = lock.clone().lock_owned().await;
        let task = tokio::spawn(async move { drop(lock.lock().await) });
        sleep(ms(10)).await;
        drop(guard);
        task.await.unwrap();
    });
    assert_eq!(found, []);
}

/// On the paused clock no time passes, so it is the number of events that ends the run.
#[test]
fn a_run_without_end_is_cut_off_and_a_busy_task_pointed_out() {
    let busy = || {
        std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        })
    };
    let yields = async || {
        loop {
            tokio::task::yield_now().await;
        }
    };
    let runs = [
        (timeline::record(busy()), true),
        (timeline::record(async move { tokio::spawn(busy()).await.unwrap() }), true),
        (timeline::record(yields()), false),
    ];
    for (run, is_busy) in runs {
        let (output, timeline) = run.unwrap();
        assert_eq!((output, timeline.ending), (None, timeline::model::Ending::CutOff));
        assert!(timeline.events_dropped < 1_000, "{}", timeline.events_dropped);
        let found = timeline.findings.iter().any(|it| it.kind == FindingKind::SelfWake);
        assert_eq!(found, is_busy, "{:?}", timeline.findings);
    }
}
