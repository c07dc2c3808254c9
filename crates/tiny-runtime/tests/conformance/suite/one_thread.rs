//! The current-thread flavor: one queue without a limit, no slot, an interval of 31.

use super::rt::{self, runtime::Builder, runtime::Handle, runtime::Runtime, task::yield_now};
use super::{Log, note, one_thread, spawn_each, wake_itself};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use tokio::sync::oneshot;

/// The order of `root`, which is the root future, and of all that it spawns.
fn order(root: impl AsyncFnOnce(Log)) -> Vec<&'static str> {
    order_on(&one_thread(), root)
}

fn order_on(runtime: &Runtime, root: impl AsyncFnOnce(Log)) -> Vec<&'static str> {
    let (log, names) = mpsc::channel();
    rt::block_on(runtime, async {
        root(log).await;
        let mut order = Vec::new();
        loop {
            match names.try_recv() {
                Ok(name) => order.push(name),
                Err(mpsc::TryRecvError::Disconnected) => return order,
                Err(mpsc::TryRecvError::Empty) => yield_now().await,
            }
        }
    })
}

#[test]
fn spawns_and_wakes_run_first_in_first_out() {
    assert_eq!(order(async |log| spawn_each(&["A", "B", "C"], &log)), ["A", "B", "C"]);
    let woken = order(async |log| {
        let senders = ["A", "B", "C"].map(|name| {
            let (sender, receiver) = oneshot::channel();
            let log = log.clone();
            rt::spawn(async move {
                receiver.await.unwrap();
                note(&log, name);
            });
            sender
        });
        yield_now().await;
        for sender in senders {
            sender.send(()).unwrap();
        }
    });
    assert_eq!(woken, ["A", "B", "C"]);
}

#[test]
fn a_chain_of_spawns_goes_behind_all_others() {
    let chain = order(async |log| {
        let link = log.clone();
        rt::spawn(async move {
            note(&link, "1");
            spawn_each(&["2"], &link);
        });
        spawn_each(&["Y", "Z"], &log);
    });
    assert_eq!(chain, ["1", "Y", "Z", "2"]);
}

#[test]
fn a_root_that_gives_way_comes_after_all_that_are_ready() {
    for wakes_itself in [false, true] {
        let order = order(async |log| {
            spawn_each(&["A", "B"], &log);
            if wakes_itself {
                wake_itself().await;
            } else {
                yield_now().await;
            }
            note(&log, "root");
        });
        assert_eq!(order, ["A", "B", "root"], "{wakes_itself}");
    }
}

/// A root that was woken waits for the end of a round: 61 tasks, or what was set.
#[test]
fn a_woken_root_has_its_turn_after_61_tasks() {
    for interval in [None, Some(1), Some(10)] {
        let mut builder = Builder::new_current_thread();
        if let Some(interval) = interval {
            builder.event_interval(interval);
        }
        let before_the_root = builder.enable_all().build().unwrap().block_on(async {
            let (sender, woken) = oneshot::channel();
            let (log, names) = mpsc::channel();
            let first = log.clone();
            rt::spawn(async move {
                note(&first, "first");
                sender.send(()).unwrap();
            });
            (0..200).for_each(|_| spawn_each(&["task"], &log));
            woken.await.unwrap();
            names.try_iter().count()
        });
        assert_eq!(before_the_root, interval.unwrap_or(61) as usize);
    }
}

#[test]
fn its_queue_has_no_limit_and_keeps_the_order() {
    let runtime = one_thread();
    let (log, names) = mpsc::channel();
    rt::block_on(&runtime, async {
        let mut tasks = Vec::new();
        for number in 0..2_000 {
            let log = log.clone();
            tasks.push(rt::spawn(async move { log.send(number).unwrap() }));
        }
        assert_eq!(Handle::current().metrics().global_queue_depth(), 0);
        for task in tasks {
            task.await.unwrap();
        }
    });
    drop(log);
    assert_eq!(names.iter().collect::<Vec<_>>(), Vec::from_iter(0..2_000));
}

#[test]
fn spawns_from_outside_have_every_31st_turn() {
    for interval in [None, Some(3)] {
        let mut builder = Builder::new_current_thread();
        if let Some(interval) = interval {
            builder.global_queue_interval(interval);
        }
        let order = order_on(&builder.enable_all().build().unwrap(), async |log| {
            let handle = Handle::current();
            thread::scope(|scope| {
                let globals = || {
                    for _ in 0..4 {
                        let log = log.clone();
                        handle.spawn(async move { note(&log, "global") });
                    }
                };
                scope.spawn(globals);
            });
            (0..200).for_each(|_| spawn_each(&["local"], &log));
        });
        let globals: Vec<_> = (0..order.len()).filter(|&at| order[at] == "global").collect();
        let gaps: Vec<_> = globals.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(gaps, [interval.unwrap_or(31) as usize; 3], "{globals:?}");
    }
}

#[test]
fn tasks_run_only_inside_block_on() {
    let runtime = one_thread();
    let (log, names) = mpsc::channel();
    let task = rt::spawn_on(&runtime, async move { note(&log, "ran") });
    assert!(names.try_recv().is_err());
    rt::block_on(&runtime, async {});
    rt::block_on(&runtime, task).unwrap();
    assert_eq!(names.recv(), Ok("ran"));
}

/// The tasks that were left behind by one `block_on` go on in the next.
#[test]
fn a_task_goes_on_in_the_next_block_on() {
    let runtime = one_thread();
    let (sender, receiver) = oneshot::channel();
    let task = rt::spawn_on(&runtime, async move {
        yield_now().await;
        receiver.await.unwrap()
    });
    rt::block_on(&runtime, async {
        for _ in 0..10 {
            yield_now().await;
        }
    });
    assert!(!task.is_finished());
    sender.send("value").unwrap();
    assert_eq!(rt::block_on(&runtime, task).unwrap(), "value");
}

/// One of two callers runs the tasks. When its root is over, the other takes its place.
#[test]
fn two_threads_may_be_in_block_on_and_one_takes_over_from_the_other() {
    for _ in 0..50 {
        let runtime = Arc::new(one_thread());
        let (first, first_waits) = oneshot::channel::<()>();
        let (second, second_waits) = oneshot::channel::<()>();
        let both = Arc::new(Barrier::new(3));
        let callers = [first_waits, second_waits].map(|waits| {
            let (runtime, both) = (runtime.clone(), both.clone());
            thread::spawn(move || {
                both.wait();
                rt::block_on(&runtime, async {
                    waits.await.unwrap();
                    // Needs somebody to run it.
                    rt::spawn(async { yield_now().await }).await.unwrap();
                });
            })
        });
        both.wait();
        let [one, two] = callers;
        first.send(()).unwrap();
        one.join().unwrap();
        second.send(()).unwrap();
        two.join().unwrap();
    }
}

/// The first has the tasks and panics; the second is left with them.
#[test]
fn a_panic_in_block_on_leaves_the_tasks_to_the_next() {
    let runtime = one_thread();
    let (sender, receiver) = oneshot::channel();
    let task = rt::spawn_on(&runtime, async move { receiver.await.unwrap() });
    let (begun, begins) = oneshot::channel();
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            rt::block_on(&runtime, async {
                begins.await.unwrap();
                std::panic::resume_unwind(Box::new("on purpose"))
            })
        });
        let second = scope.spawn(|| {
            rt::block_on(&runtime, async {
                begun.send(()).unwrap();
                task.await.unwrap()
            })
        });
        let first: Result<(), _> = first.join();
        assert!(first.is_err());
        sender.send("value").unwrap();
        assert_eq!(second.join().unwrap(), "value");
    });
}

/// Wakes the thread that sleeps in `block_on`.
#[test]
fn a_spawn_or_a_wake_from_outside_is_served_by_a_sleeping_block_on() {
    let runtime = one_thread();
    for _ in 0..200 {
        let (sender, receiver) = oneshot::channel();
        let handle = runtime.handle().clone();
        let outside = thread::spawn(move || {
            handle.spawn(async move { sender.send(()).unwrap() });
        });
        rt::block_on(&runtime, receiver).unwrap();
        outside.join().unwrap();
    }
}
