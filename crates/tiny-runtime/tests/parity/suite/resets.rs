//! Timers of one millisecond fire in the order in which they entered it; one that is put off enters
//! when its old millisecond comes.

use super::rt::{runtime::Builder, spawn, task::yield_now, time};
use std::sync::mpsc;
use std::task::{Context, Waker};
use time::{Duration, Instant, sleep_until};

/// A name, the first deadline, and where it is moved at which time, in milliseconds.
type Timer<'a> = (&'static str, u64, &'a [(u64, u64)]);

/// Returns the names in the order in which the timers fire.
fn order(timers: &[Timer<'_>]) -> String {
    let (log, names) = mpsc::channel();
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let tasks: Vec<_> = timers
            .iter()
            .map(|&(name, deadline, moves)| {
                let log = log.clone();
                let mut sleep = Box::pin(sleep_until(at(deadline)));
                let moves: Vec<_> = moves.iter().map(|&(when, to)| (at(when), at(to))).collect();
                spawn(async move {
                    let _ = sleep.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                    for (when, to) in moves {
                        sleep_until(when).await;
                        sleep.as_mut().reset(to);
                    }
                    sleep.await;
                    log.send(name).unwrap();
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    drop(log);
    names.iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn in_the_order_in_which_they_enter_the_millisecond() {
    assert_eq!(order(&[("a", 50, &[]), ("b", 50, &[]), ("c", 50, &[])]), "a b c");
}

#[test]
fn one_that_is_put_off_enters_when_its_old_millisecond_comes() {
    // `a` enters at 20, before `c` and after `b`.
    assert_eq!(order(&[("a", 20, &[(5, 50)]), ("b", 50, &[]), ("c", 60, &[(30, 50)])]), "b a c");
    // Twice: at 20 it goes on to 30, and there to 50.
    assert_eq!(
        order(&[("a", 20, &[(5, 30), (25, 50)]), ("b", 50, &[]), ("c", 60, &[(28, 50)])]),
        "b c a"
    );
    // To the same deadline: it stays where it is.
    assert_eq!(order(&[("a", 50, &[(5, 50)]), ("b", 50, &[])]), "a b");
}

#[test]
fn one_that_is_brought_forward_enters_at_once() {
    assert_eq!(order(&[("a", 90, &[(5, 50)]), ("b", 50, &[]), ("c", 90, &[(10, 50)])]), "b a c");
    // Put off to 90, and back to where it still is: it enters anew.
    assert_eq!(order(&[("a", 50, &[(5, 90), (10, 50)]), ("b", 50, &[])]), "b a");
}

#[test]
fn one_that_was_never_polled_enters_with_its_reset() {
    let (log, names) = mpsc::channel();
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let (now, at) = (Instant::now(), Instant::now() + Duration::from_millis(50));
        let resets = log.clone();
        let resets = spawn(async move {
            let mut sleep = Box::pin(sleep_until(now));
            sleep.as_mut().reset(at);
            // The other one is polled before this one is.
            yield_now().await;
            sleep.await;
            resets.send("resets").unwrap();
        });
        let polls = spawn(async move {
            sleep_until(at).await;
            log.send("polls").unwrap();
        });
        resets.await.unwrap();
        polls.await.unwrap();
    });
    assert_eq!(names.iter().collect::<Vec<_>>(), ["resets", "polls"]);
}
