//! The end of a runtime: no task is left, each handle hears of it, and the last thread frees what they
//! share.

use crate::models::{Event, runtime};
use crate::runtime::block_on::block_on;
use crate::sync::{Arc, thread};
use std::future::poll_fn;
use std::time::Duration;

fn check(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(model);
}

/// A future that waits for the event, and holds `alive` while it lives.
fn waits(
    event: &Arc<Event>,
    alive: &std::sync::Arc<()>,
) -> impl Future<Output = ()> + Send + use<> {
    let (event, alive) = (event.clone(), alive.clone());
    async move {
        let _alive = alive;
        poll_fn(|context| event.poll(context)).await;
    }
}

#[test]
fn a_task_that_is_woken_beside_the_end_is_over_when_the_drop_returns() {
    check(|| {
        let (event, alive) = (Arc::new(Event::default()), std::sync::Arc::new(()));
        let runtime = runtime(1);
        let task = runtime.spawn(waits(&event, &alive));
        let waker = thread::spawn(move || event.set());
        drop(runtime);
        assert!(task.is_finished());
        waker.join().unwrap();
        assert_eq!(std::sync::Arc::strong_count(&alive), 1);
    });
}

#[test]
fn a_spawn_beside_the_end_is_over_when_both_have_returned() {
    check(|| {
        let (event, alive) = (Arc::new(Event::default()), std::sync::Arc::new(()));
        let runtime = runtime(1);
        let handle = runtime.handle().clone();
        let future = waits(&event, &alive);
        let spawner = thread::spawn(move || handle.spawn(future));
        drop(runtime);
        let task = spawner.join().unwrap();
        assert!(task.is_finished());
        drop(task);
        assert_eq!(std::sync::Arc::strong_count(&alive), 1);
    });
}

/// Nobody waits for the threads: the last of them frees what they share.
#[test]
fn a_handle_hears_of_an_end_that_nobody_waits_for() {
    check(|| {
        let (event, alive) = (Arc::new(Event::default()), std::sync::Arc::new(()));
        let runtime = runtime(1);
        let task = runtime.spawn(waits(&event, &alive));
        runtime.shutdown_timeout(Duration::ZERO);
        assert!(block_on(task).unwrap_err().is_cancelled());
        assert_eq!(std::sync::Arc::strong_count(&alive), 1);
    });
}

/// The poll waits for what only the undertaker can drop: a task in the slot of the same worker.
#[test]
fn a_poll_may_wait_for_a_task_that_its_worker_was_to_run_next() {
    check(|| {
        let event = Arc::new(Event::default());
        let runtime = runtime(1);
        let (begun, dropped) = (Arc::new(Event::default()), Arc::new(Event::default()));
        struct Sets(Arc<Event>);
        impl Drop for Sets {
            fn drop(&mut self) {
                self.0.set();
            }
        }
        let polled = {
            let (begun, sets, handle) =
                (begun.clone(), Sets(dropped.clone()), runtime.handle().clone());
            runtime.spawn(async move {
                drop(handle.spawn(async move {
                    let _sets = sets;
                    poll_fn(|context| event.poll(context)).await;
                }));
                begun.set();
                block_on(poll_fn(|context| dropped.poll(context)));
            })
        };
        block_on(poll_fn(|context| begun.poll(context)));
        drop(runtime);
        assert!(polled.is_finished());
    });
}
