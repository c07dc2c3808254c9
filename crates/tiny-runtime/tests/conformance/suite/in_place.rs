//! `block_in_place`: the thread stays with the closure, and the tasks move to another.

use super::rt::{self, runtime::Handle, task::block_in_place, task::yield_now};
use super::{LONG, Log, note, one_thread, order, spawn_each, workers};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

#[test]
fn the_closure_stays_and_the_tasks_move() {
    let runtime = workers(1);
    let task = rt::spawn_on(&runtime, async {
        let here = thread::current().id();
        let (sender, other) = mpsc::channel();
        rt::spawn(async move { sender.send(thread::current().id()).unwrap() });
        // Without `block_in_place`, `recv` would wait without end: the other task needs this worker.
        let (inside, other) = block_in_place(|| (thread::current().id(), other.recv().unwrap()));
        let between = thread::current().id();
        yield_now().await;
        let after = thread::current().id();
        [inside == here, between == here, other == here, after == here]
    });
    // After the next `.await` it is where the tasks are.
    assert_eq!(rt::block_on(&runtime, task).unwrap(), [true, true, false, false]);
}

/// A short closure, of which nothing need be seen elsewhere, gives the core back.
#[test]
fn it_can_be_called_again_and_again() {
    let runtime = workers(1);
    for _ in 0..200 {
        let task = rt::spawn_on(&runtime, async {
            let mut sum = 0;
            for number in 0..10 {
                sum += block_in_place(|| number);
                yield_now().await;
            }
            sum
        });
        assert_eq!(rt::block_on(&runtime, task).unwrap(), 45);
    }
}

#[test]
fn a_call_inside_a_call_is_a_plain_call() {
    let runtime = workers(1);
    let task = rt::spawn_on(&runtime, async {
        block_in_place(|| {
            let outer = thread::current().id();
            block_in_place(|| thread::current().id() == outer)
        })
    });
    assert!(rt::block_on(&runtime, task).unwrap());
}

/// The task in the slot, those of the queue, and those that the closure spawns.
#[test]
fn all_that_is_queued_runs_meanwhile() {
    let runtime = workers(1);
    let task = rt::spawn_on(&runtime, async {
        let (log, order) = mpsc::channel();
        spawn_each(&["A", "B", "C"], &log);
        block_in_place(move || {
            let mut seen: Vec<_> = order.iter().take(3).collect();
            seen.sort_unstable();
            spawn_each(&["D"], &log);
            seen.push(order.recv().unwrap());
            seen
        })
    });
    assert_eq!(rt::block_on(&runtime, task).unwrap(), ["A", "B", "C", "D"]);
}

/// The driver goes with the core: timers and sockets are served meanwhile.
#[test]
fn timers_fire_meanwhile() {
    let runtime = workers(1);
    let task = rt::spawn_on(&runtime, async {
        let (sender, fired) = mpsc::channel();
        rt::spawn(async move {
            rt::time::sleep(Duration::from_millis(5)).await;
            sender.send(()).unwrap();
        });
        block_in_place(|| fired.recv().unwrap());
    });
    rt::block_on(&runtime, task).unwrap();
}

#[test]
fn block_on_works_inside() {
    let runtime = workers(1);
    let task = rt::spawn_on(&runtime, async {
        block_in_place(|| {
            Handle::current().block_on(async {
                rt::time::sleep(Duration::from_millis(1)).await;
                rt::spawn(async { 42 }).await.unwrap()
            })
        })
    });
    assert_eq!(rt::block_on(&runtime, task).unwrap(), 42);
    // And in the root future, which is on no worker.
    let root = async { block_in_place(|| Handle::current().block_on(async { 7 })) };
    assert_eq!(rt::block_on(&runtime, root), 7);
}

#[test]
fn a_panic_inside_is_that_of_the_task_and_the_worker_goes_on() {
    let runtime = workers(1);
    for _ in 0..20 {
        let task = runtime
            .spawn(async { block_in_place(|| std::panic::resume_unwind(Box::new("on purpose"))) });
        let error: rt::task::JoinError = rt::block_on(&runtime, task).unwrap_err();
        assert_eq!(error.into_panic().downcast_ref(), Some(&"on purpose"));
        assert_eq!(rt::block_on(&runtime, rt::spawn_on(&runtime, async { 1 })).unwrap(), 1);
    }
}

/// More blocked closures than workers; all of them run at once, beside a task.
#[test]
fn any_number_of_tasks_may_block_in_place_at_once() {
    let runtime = workers(2);
    let meeting = Arc::new(Barrier::new(9));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let meeting = meeting.clone();
            rt::spawn_on(&runtime, async move { block_in_place(|| _ = meeting.wait()) })
        })
        .collect();
    let last = rt::spawn_on(&runtime, async move { _ = meeting.wait() });
    for task in tasks.into_iter().chain([last]) {
        rt::block_on(&runtime, task).unwrap();
    }
}

#[test]
fn the_order_of_tasks_is_kept_by_a_worker_that_gives_its_core_away() {
    let order = order(async |log: Log| {
        let inside = log.clone();
        spawn_each(&["A", "B"], &log);
        block_in_place(move || {
            let (done, is_done) = mpsc::channel();
            // The last of the queue: by then all have run.
            rt::spawn(async move { done.send(()).unwrap() });
            is_done.recv().unwrap();
            note(&inside, "closure");
        });
    });
    assert_eq!(order, "A B closure");
}

#[test]
fn the_current_thread_flavor_panics() {
    rt::block_on(&one_thread(), async {
        let inside = catch_unwind(AssertUnwindSafe(|| block_in_place(|| ())));
        let message = inside.unwrap_err();
        let message = match message.downcast::<String>() {
            Ok(message) => *message,
            Err(message) => message.downcast::<&str>().unwrap().to_string(),
        };
        assert_eq!(message, "can call blocking only when running on the multi-threaded runtime");
    });
}

#[test]
fn outside_of_a_runtime_it_is_a_plain_call() {
    let here = thread::current().id();
    assert_eq!(block_in_place(|| thread::current().id()), here);
    let runtime = workers(1);
    let _entered = runtime.enter();
    assert_eq!(block_in_place(|| thread::current().id()), here);
    // A thread of the pool may block as it is.
    let pool = rt::spawn_blocking_on(&runtime, || {
        let here = thread::current().id();
        block_in_place(|| thread::current().id() == here)
    });
    assert!(rt::block_on(&runtime, pool).unwrap());
}

/// It is not in a queue, but with the thread that blocks.
#[test]
fn what_has_yielded_runs_meanwhile() {
    let runtime = workers(1);
    let (sender, other) = mpsc::channel();
    let task = rt::spawn_on(&runtime, async move {
        rt::spawn(async move {
            yield_now().await;
            sender.send(()).unwrap();
        });
        let blocks = rt::spawn(async move { block_in_place(|| other.recv_timeout(LONG)) });
        // Takes the slot, so that the two run in their order.
        rt::spawn(async {}).await.unwrap();
        blocks.await.unwrap()
    });
    assert_eq!(rt::block_on(&runtime, task).unwrap(), Ok(()));
}

/// There is no other thread to be had any more.
#[test]
fn while_the_runtime_ends_the_closure_may_block_as_well() {
    let runtime = workers(1);
    let handle = runtime.handle().clone();
    let ((over, end), (begin, begun)) = (mpsc::channel(), mpsc::channel());
    rt::spawn_on(&runtime, async move {
        begin.send(()).unwrap();
        let (mut closed, begun) = (false, std::time::Instant::now());
        while !closed && begun.elapsed() < LONG {
            let (runs, dropped) = mpsc::channel();
            handle.spawn_blocking(move || runs.send(()).unwrap());
            closed = dropped.recv().is_err();
        }
        block_in_place(|| handle.block_on(yield_now()));
        over.send(closed).unwrap();
    });
    begun.recv().unwrap();
    thread::spawn(move || drop(runtime));
    assert_eq!(end.recv_timeout(LONG), Ok(true));
}
