//! The hand-over of a worker's core: one thread has it at a time, and what was queued is run or dropped.

use crate::models::{Event, runtime};
use crate::runtime::block_in_place::block_in_place;
use crate::runtime::block_on::block_on;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use loom::model::Builder;
use std::future::poll_fn;

fn with_preemptions(count: usize) -> Builder {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(count);
    builder
}

/// The task that is queued runs on another thread, for which the closure waits.
fn the_closure_waits(builder: &Builder, before_the_end: fn()) {
    builder.check(move || {
        let runtime = runtime(1);
        let handle = runtime.handle().clone();
        let task = runtime.spawn(async move {
            let queued = handle.spawn(async { 1 });
            block_in_place(|| block_on(queued)).unwrap()
        });
        assert_eq!(block_on(task).unwrap(), 1);
        before_the_end();
        drop(runtime);
    });
}

/// Each order of both in which no thread is preempted.
#[test]
fn a_runtime_ends_whatever_the_hand_over_was() {
    the_closure_waits(&with_preemptions(0), || {});
}

/// Each order of the hand-over, with one of the end: each with each would be fifty times as many.
#[test]
fn what_is_queued_runs_while_the_closure_waits_for_it() {
    the_closure_waits(&with_preemptions(1), loom::stop_exploring);
}

/// Each order of the end, after one of the hand-over.
#[test]
fn a_runtime_ends_beside_the_thread_that_has_taken_a_core_over() {
    let mut builder = with_preemptions(2);
    builder.expect_explicit_explore = true;
    the_closure_waits(&builder, loom::explore);
}

/// A closure that is short: the core is taken back, or is with another thread; and the runtime ends.
#[test]
fn the_core_is_taken_back_or_over_beside_the_end() {
    with_preemptions(1).check(|| {
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
