//! Where tiny-runtime differs on purpose. Each test says what either of the two does.
//!
//! | what | Tokio | tiny-runtime | why |
//! |---|---|---|---|
//! | text of a `JoinError` | names the task's id | does not | tasks have no ids: a counter for all threads costs more than a spawn |
//! | the budget of `tokio::sync` | counts | does not count | that budget is Tokio's own; nobody can take from it |
//! | outside of a runtime | its message | another | each names its own remedy |
//! | a worker that can not be started | `build` panics | `build` returns the error | there is an error to return |
//! | a task that yields in `select!`, and is woken by the other branch | runs next | comes back with the yield | a yield is the task's place in a queue, which costs less than a waker |
//! | a thread that takes over in `block_in_place` | is one of the pool's, and of its limit | is a worker's, without a limit | a full pool must not stop the tasks |
//! | more tasks of one poll than half of the workers, that block until all run | the last may wait without end, rarely | all run | a worker that may not search looks again when no worker searches |
//! | a task from outside, while the workers are busy | waits for the next look into the global queue, after up to 61 ticks | waits for the tasks before it, for three at most | a look costs one relaxed load |
//! | a panic with what panics as it is dropped | ends the process | ends its task | what is thrown may be forgotten instead |

use super::rt::{self, IS_TOKIO, task::yield_now};
use super::{LONG, note, one_thread, order, spawn_each, wake_itself, workers};
use rt::runtime::{Builder, Handle};
use rt::task::block_in_place;
use std::panic::{catch_unwind, panic_any, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;
use utils::probe::{Polls, in_child};

/// Returns Tokio's value on Tokio, and tiny-runtime's on tiny-runtime.
fn either<T>(tokio: T, tiny: T) -> T {
    if IS_TOKIO { tokio } else { tiny }
}

/// With the id of the task, which is a number that nobody knows beforehand, as `N`.
fn text(error: &rt::task::JoinError) -> String {
    let mut text = String::new();
    for c in error.to_string().chars() {
        match c {
            '0'..='9' if text.ends_with('N') => {}
            '0'..='9' => text.push('N'),
            _ => text.push(c),
        }
    }
    text
}

#[test]
fn errors_of_tasks_name_no_id() {
    rt::block_on(&one_thread(), async {
        let cancelled = rt::spawn(std::future::pending::<()>());
        cancelled.abort();
        let error = cancelled.await.unwrap_err();
        assert_eq!(text(&error), either("task N was cancelled", "task was cancelled"));

        for payload in [true, false] {
            let panics = rt::spawn(async move {
                match payload {
                    true => resume_unwind(Box::new("on purpose")),
                    false => resume_unwind(Box::new("on purpose".to_string())),
                }
            });
            let error: rt::task::JoinError = panics.await.unwrap_err();
            let tokio = "task N panicked with message \"on purpose\"";
            let tiny = "task panicked with message \"on purpose\"";
            assert_eq!(text(&error), either(tokio, tiny));
        }
        let panics = rt::spawn(async { resume_unwind(Box::new(7)) });
        let error: rt::task::JoinError = panics.await.unwrap_err();
        assert_eq!(text(&error), either("task N panicked", "task panicked"));
    });
}

#[test]
fn the_budget_of_tokio_s_channels_is_that_of_tokio() {
    let polls = Polls::new();
    rt::block_on(&one_thread(), async {
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        (0..1_000).for_each(|number| sender.send(number).unwrap());
        drop(sender);
        let receive = async move { while receiver.recv().await.is_some() {} };
        rt::spawn(polls.of(receive)).await.unwrap();
        yield_now().await;
    });
    assert_eq!(polls.count(), either(8, 1));
}

#[test]
fn the_remedy_outside_of_a_runtime_is_named() {
    let payload = catch_unwind(|| rt::spawn(async {})).unwrap_err();
    let message = match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => payload.downcast_ref::<&str>().unwrap().to_string(),
    };
    let tokio =
        "there is no reactor running, must be called from the context of a Tokio 1.x runtime";
    assert!(message.starts_with(either(tokio, "there is no tiny-runtime here")), "{message}");
}

#[test]
fn block_in_place_stops_the_tasks_of_tokio_while_the_pool_is_full() {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).max_blocking_threads(1).enable_all().build().unwrap();
    let threads = || Handle::current().metrics().num_blocking_threads();
    let task = rt::spawn_on(&runtime, async move { (threads(), block_in_place(threads)) });
    assert_eq!(rt::block_on(&runtime, task).unwrap(), (0, either(1, 0)));

    let (open, gate) = mpsc::channel::<()>();
    let (started, start) = mpsc::channel();
    let closure = rt::spawn_blocking_on(&runtime, move || {
        started.send(()).unwrap();
        gate.recv().unwrap_err();
    });
    start.recv_timeout(LONG).unwrap();
    let task = rt::spawn_on(&runtime, async {
        let (sender, other) = mpsc::channel();
        rt::spawn(async move { sender.send(()) });
        // Long enough for a task, and no matter how long if there is nobody to run it.
        let patience = either(Duration::from_millis(100), LONG);
        block_in_place(|| other.recv_timeout(patience).is_ok())
    });
    assert_eq!(rt::block_on(&runtime, task).unwrap(), either(false, true));
    drop(open);
    rt::block_on(&runtime, closure).unwrap();
}

/// `A` and `B` were ready before the event.
#[test]
fn an_event_brings_back_a_task_that_yields_beside_it_on_tokio_alone() {
    let order = order(async |log| {
        let (sender, receiver) = oneshot::channel();
        let waits = log.clone();
        rt::spawn(async move {
            note(&waits, "waits");
            tokio::select! {
                biased;
                _ = receiver => note(&waits, "event"),
                () = yield_now() => note(&waits, "yield"),
            }
        });
        let sends = log.clone();
        rt::spawn(async move {
            note(&sends, "sends");
            sender.send(()).unwrap();
        });
        // Pushes both out of the slot.
        spawn_each(&["A", "B", "slot"], &log);
    });
    let (tokio, tiny) = ("slot waits sends event A B", "slot waits sends A B event");
    assert_eq!(order, either(tokio, tiny));
}

/// One wake-up of a worker leads to the next. On Tokio a worker that may not search can fall asleep
/// while the searcher finds a task that never ends, and the last of the four then waits for it: once
/// in some thousand times, which is nothing to assert.
#[test]
fn one_poll_that_queues_work_for_all_workers_wakes_all_of_them() {
    if IS_TOKIO {
        return;
    }
    let runtime = Builder::new_multi_thread().worker_threads(4).build().unwrap();
    for _ in 0..200 {
        let meeting = Arc::new(Barrier::new(4));
        let tasks = rt::spawn_on(&runtime, async move {
            let meet = || {
                let meeting = meeting.clone();
                rt::spawn(async move { _ = meeting.wait() })
            };
            [meet(), meet(), meet(), meet()]
        });
        for task in rt::block_on(&runtime, tasks).unwrap() {
            rt::block_on(&runtime, task).unwrap();
        }
    }
}

/// How many of a busy worker's own tasks are polled while one from outside waits.
#[test]
fn a_task_from_outside_waits_for_61_ticks_on_tokio_alone() {
    let (log, polls) = mpsc::channel();
    let runtime = workers(1);
    let task = rt::spawn_on(&runtime, async move {
        let (stop, polled) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        for _ in 0..3 {
            let (stop, polled) = (stop.clone(), polled.clone());
            rt::spawn(async move {
                while !stop.load(Relaxed) {
                    polled.fetch_add(1, Relaxed);
                    wake_itself().await;
                }
            });
        }
        let handle = Handle::current();
        let from_outside = async move {
            log.send(polled.load(Relaxed)).unwrap();
            stop.store(true, Relaxed);
        };
        thread::spawn(move || handle.spawn(from_outside)).join().unwrap().await.unwrap();
    });
    rt::block_on(&one_thread(), task).unwrap();
    let polls = polls.recv().unwrap();
    // Three, and one that still belongs to the tick in which it comes.
    assert!(either(30..=70, 3..=4).contains(&polls), "{polls}");
}

/// The output of a detached task panics as it is dropped, and so does what it panics with.
#[test]
fn a_panic_that_panics_as_it_is_dropped_ends_the_process_on_tokio_alone() {
    struct Bomb(u8);
    impl Drop for Bomb {
        fn drop(&mut self) {
            if self.0 > 0 {
                panic_any(Bomb(self.0 - 1));
            }
        }
    }
    let ended = in_child(LONG, || {
        let runtime = workers(1);
        drop(rt::spawn_on(&runtime, async { Bomb(2) }));
        rt::block_on(&runtime, rt::spawn_on(&runtime, async {})).unwrap();
    });
    assert_eq!(ended.status.success(), either(false, true), "{ended:?}");
}
