//! `abort` before the first poll, while idle, queued, running, and when all is over.

use super::rt::{self, runtime::Runtime, task::JoinHandle, task::yield_now};
use super::{one_thread, workers};
use std::future::{pending, poll_fn};
use std::sync::{Arc, Barrier, mpsc};
use std::task::{Poll, Waker};
use std::thread;
use utils::probe::{DropLog, Polls};

async fn cancelled<T: std::fmt::Debug>(task: JoinHandle<T>) {
    let error = task.await.unwrap_err();
    assert!(error.is_cancelled() && !error.is_panic());
}

#[test]
fn before_its_first_poll_it_is_never_polled() {
    rt::block_on(&one_thread(), async {
        let (polls, log) = (Polls::new(), DropLog::new());
        let guard = log.guard("dropped");
        let task = rt::spawn(polls.of(async move { drop(guard) }));
        task.abort();
        assert!(!task.is_finished(), "the scheduler does it, not the caller");
        assert!(log.entries().is_empty());
        cancelled(task).await;
        assert_eq!((polls.count(), log.entries()), (0, vec!["dropped"]));
    });
}

#[test]
fn an_idle_task_is_dropped_where_it_stands() {
    rt::block_on(&one_thread(), async {
        let (polls, log) = (Polls::new(), DropLog::new());
        let guard = log.guard("dropped");
        let task = rt::spawn(polls.of(async move {
            let _guard = guard;
            pending::<()>().await;
        }));
        yield_now().await;
        task.abort();
        task.abort();
        cancelled(task).await;
        assert_eq!((polls.count(), log.entries()), (1, vec!["dropped"]));
    });
}

#[test]
fn a_queued_task_is_not_polled_again() {
    rt::block_on(&one_thread(), async {
        let polls = Polls::new();
        let (registry, registered) = mpsc::channel::<Waker>();
        let task = rt::spawn(polls.of(poll_fn(move |cx| {
            registry.send(cx.waker().clone()).unwrap();
            Poll::<()>::Pending
        })));
        yield_now().await;
        let waker = registered.recv().unwrap();
        waker.wake_by_ref();
        task.abort();
        waker.wake_by_ref();
        cancelled(task).await;
        waker.wake();
        assert_eq!(polls.count(), 1);
    });
}

/// The poll is not interrupted. If it returns `Pending` that was the last one.
#[test]
fn a_running_task_ends_its_poll_first() {
    let runtime = workers(1);
    for ready in [false, true] {
        let (polls, log) = (Polls::new(), DropLog::new());
        let meeting = Arc::new(Barrier::new(2));
        let task = rt::spawn_on(
            &runtime,
            polls.of({
                let (meeting, log, guard) = (meeting.clone(), log.clone(), log.guard("dropped"));
                async move {
                    let _guard = guard;
                    meeting.wait();
                    meeting.wait();
                    log.note("poll goes on");
                    if !ready {
                        pending::<()>().await;
                    }
                    "value"
                }
            }),
        );
        meeting.wait();
        task.abort();
        assert!(!task.is_finished());
        assert!(log.entries().is_empty());
        meeting.wait();
        let ended = rt::block_on(&runtime, task);
        assert_eq!((polls.count(), log.entries()), (1, vec!["poll goes on", "dropped"]));
        match ended {
            Ok(value) => assert!(ready && value == "value"),
            Err(error) => assert!(!ready && error.is_cancelled()),
        }
    }
}

#[test]
fn a_task_that_aborts_itself_ends_at_its_next_await() {
    let (own, receiver) = tokio::sync::oneshot::channel::<rt::task::AbortHandle>();
    rt::block_on(&one_thread(), async {
        let log = DropLog::new();
        let task = rt::spawn({
            let log = log.clone();
            async move {
                receiver.await.unwrap().abort();
                log.note("after the abort");
                yield_now().await;
                log.note("never");
            }
        });
        own.send(task.abort_handle()).unwrap();
        cancelled(task).await;
        assert_eq!(log.entries(), ["after the abort"]);
    });
}

#[test]
fn after_the_end_it_changes_nothing() {
    rt::block_on(&one_thread(), async {
        let task = rt::spawn(async { "value" });
        let handle = task.abort_handle();
        assert!(!handle.is_finished());
        while !task.is_finished() {
            yield_now().await;
        }
        assert!(handle.is_finished());
        task.abort();
        handle.abort();
        assert_eq!(task.await.unwrap(), "value");
        handle.clone().abort();
        assert!(handle.is_finished());
    });
}

#[test]
fn an_abort_handle_outlives_the_join_handle_and_the_runtime() {
    let runtimes: [fn() -> Runtime; 2] = [one_thread, || workers(2)];
    for runtime in runtimes {
        let runtime = runtime();
        let log = DropLog::new();
        let guard = log.guard("dropped");
        let task = rt::spawn_on(&runtime, async move {
            let _guard = guard;
            pending::<()>().await;
        });
        let (abort, late) = (task.abort_handle(), task.abort_handle());
        drop(task);
        abort.abort();
        rt::block_on(&runtime, async {
            while !abort.is_finished() {
                yield_now().await;
            }
        });
        assert_eq!(log.entries(), ["dropped"]);
        drop(runtime);
        late.abort();
        assert!(late.is_finished());
    }
}

/// Between any two instructions of the worker that polls it: exactly one of two ends.
#[test]
fn an_abort_that_races_with_the_end_gives_one_of_the_two() {
    let runtime = workers(2);
    let mut ends = [0, 0];
    for round in 0..2_000 {
        let log = DropLog::new();
        let guard = log.guard("dropped");
        let task = rt::spawn_on(&runtime, async move {
            let _guard = guard;
            for _ in 0..round % 5 {
                yield_now().await;
            }
        });
        let abort = task.abort_handle();
        for _ in 0..round % 50 {
            std::hint::spin_loop();
        }
        abort.abort();
        match rt::block_on(&runtime, task) {
            Ok(()) => ends[0] += 1,
            Err(error) => {
                assert!(error.is_cancelled());
                ends[1] += 1;
            }
        }
        assert_eq!(log.entries(), ["dropped"]);
    }
    assert_eq!(ends[0] + ends[1], 2_000);
}

/// Wakes, aborts and the drop of the handle come from three threads while it runs on a fourth.
#[test]
fn wakes_aborts_and_drops_of_the_handle_may_race() {
    let runtime = workers(2);
    for _ in 0..500 {
        let log = DropLog::new();
        let guard = log.guard("dropped");
        let (registry, registered) = mpsc::channel::<Waker>();
        let task = rt::spawn_on(&runtime, async move {
            let _guard = guard;
            poll_fn(|cx| {
                // Closed by the end of the thread that wakes.
                let _ = registry.send(cx.waker().clone());
                Poll::<()>::Pending
            })
            .await;
        });
        let abort = task.abort_handle();
        let start = Arc::new(Barrier::new(3));
        thread::scope(|scope| {
            scope.spawn({
                let start = start.clone();
                move || {
                    let waker = registered.recv().unwrap();
                    start.wait();
                    (0..10).for_each(|_| waker.wake_by_ref());
                    waker.wake();
                }
            });
            scope.spawn({
                let (start, abort) = (start.clone(), abort.clone());
                move || {
                    start.wait();
                    abort.abort();
                }
            });
            scope.spawn(move || {
                start.wait();
                drop(task);
            });
        });
        let begun = std::time::Instant::now();
        while !abort.is_finished() {
            assert!(begun.elapsed() < super::LONG, "the abort is lost");
            thread::yield_now();
        }
        assert_eq!(log.entries(), ["dropped"]);
    }
}
