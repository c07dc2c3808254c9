//! The hand-over of a worker's core: one thread has it at a time, and what was queued is run or dropped.

use crate::models::{Event, runtime};
use crate::runtime::block_in_place::block_in_place;
use crate::runtime::block_on::block_on;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::future::poll_fn;

fn check(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(1);
    builder.check(model);
}

/// The task that is queued runs on another thread, for which the closure waits.
#[test]
fn what_is_queued_runs_while_the_closure_waits_for_it() {
    check(|| {
        let runtime = runtime(1);
        let handle = runtime.handle().clone();
        let task = runtime.spawn(async move {
            let queued = handle.spawn(async { 1 });
            block_in_place(|| block_on(queued)).unwrap()
        });
        assert_eq!(block_on(task).unwrap(), 1);
        drop(runtime);
    });
}

/// A closure that is short: the core is taken back, or is with another thread; and the runtime ends.
#[test]
fn the_core_is_taken_back_or_over_beside_the_end() {
    check(|| {
        let (runtime, runs) = (runtime(1), Arc::new(AtomicUsize::new(0)));
        let begun = Arc::new(Event::default());
        let task = {
            let (handle, begun, runs) = (runtime.handle().clone(), begun.clone(), runs.clone());
            runtime.spawn(async move {
                begun.set();
                let count = runs.clone();
                let queued = handle.spawn(async move { count.fetch_add(1, SeqCst) });
                block_in_place(|| runs.fetch_add(1, SeqCst));
                queued
            })
        };
        block_on(poll_fn(|context| begun.poll(context)));
        drop(runtime);
        // It was over before the end, or its only poll was awaited.
        let queued = block_on(task).unwrap();
        let ran = block_on(queued).is_ok();
        assert_eq!(runs.load(SeqCst), 1 + usize::from(ran));
    });
}
