//! The pool: a closure is run, or its handle says that it will not be; and the pool ends.

use crate::models::Event;
use crate::runtime::block_on::block_on;
use crate::runtime::blocking::pool::{Host, Pool};
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::SeqCst;
use crate::sync::{Arc, thread};
use std::future::poll_fn;
use std::time::Duration;

/// The surroundings of a closure on its thread: none.
struct Nothing;

impl Host for Nothing {
    fn enter(&self) -> impl Sized {}
}

fn pool(limit: usize) -> Pool<Nothing> {
    Pool::new(limit, Duration::from_secs(3600), "model".into(), None)
}

#[test]
fn a_closure_beside_the_end_runs_or_is_cancelled() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let pool = Arc::new(pool(1));
        let spawner = pool.clone();
        let ran = Arc::new(AtomicUsize::new(0));
        let runs = ran.clone();
        let spawner = thread::spawn(move || {
            let closure = move || {
                runs.fetch_add(1, SeqCst);
            };
            spawner.spawn(closure, None)
        });
        pool.close();
        pool.wait(None);
        let handle = spawner.join().unwrap();
        assert!(handle.is_finished(), "nothing is left waiting");
        // A closure that was taken in runs, even after the end has begun.
        let ended = block_on(handle);
        assert_eq!(ran.load(SeqCst), usize::from(ended.is_ok()));
        assert_eq!(pool.threads(), 0);
    });
}

#[test]
fn a_thread_that_waits_is_called_for_the_next_closure() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let pool = pool(1);
        let first = pool.spawn(|| 1, None);
        let second = pool.spawn(|| 2, None);
        // Before the end, which would call it as well.
        assert_eq!(block_on(second).unwrap(), 2);
        pool.close();
        pool.wait(None);
        assert!(first.is_finished());
    });
}

/// The first closure waits for the second, which so needs a thread of its own: `push` claims the idle
/// thread for the first, and starts another for the second.
#[test]
fn two_closures_never_rely_on_the_same_idle_thread() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(1);
    model.check(|| {
        let pool = pool(2);
        let warm_up = pool.spawn(|| (), None);
        // The thread may be idle from here on, or not yet.
        block_on(warm_up).unwrap();
        let second_has_run = Arc::new(Event::default());
        let awaited = second_has_run.clone();
        let wait = move || block_on(poll_fn(|context| awaited.poll(context)));
        let first = pool.spawn(wait, None);
        let second = pool.spawn(move || second_has_run.set(), None);
        block_on(first).unwrap();
        block_on(second).unwrap();
        pool.close();
        pool.wait(None);
    });
}
