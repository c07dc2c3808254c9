//! A thread of the pool: it does jobs until the pool closes, or until no job has come for ten seconds.
//!
//! Tokio's counterpart: `tokio/src/runtime/blocking/pool.rs`.

use super::{Host, Inner, Job, State};
use crate::foreign::must_not_unwind;
use crate::sync::{Arc, MutexGuard, lock, thread, thread_local};
use std::cell::Cell;
use std::time::Instant;
use std::{io, ptr};

// The pool that this thread belongs to.
thread_local! {
    static HERE: Cell<*const ()> = const { Cell::new(ptr::null()) };
}

/// Returns whether the calling thread is one of that pool.
pub(super) fn is_of<H>(pool: &Arc<Inner<H>>) -> bool {
    HERE.get() == Arc::as_ptr(pool).cast()
}

impl<H: Host> Inner<H> {
    pub(super) fn start_thread(inner: &Arc<Self>) -> io::Result<()> {
        let mut builder = thread::Builder::new().name(inner.thread_name.clone());
        if let Some(stack_size) = inner.stack_size {
            builder = builder.stack_size(stack_size);
        }
        let inner = inner.clone();
        let work = move || {
            HERE.set(Arc::as_ptr(&inner).cast());
            must_not_unwind(|| inner.work());
        };
        builder.spawn(work).map(drop)
    }

    /// Does jobs until the pool closes, or no job comes for as long as a thread is kept.
    fn work(&self) {
        let mut state = lock(&self.state);
        'life: loop {
            while let Some(job) = state.queue.pop_front() {
                drop(state);
                let was_worker = matches!(job, Job::Worker(_));
                match job {
                    Job::Worker(work) => work(),
                    Job::Closure(task, in_flight) => {
                        let _current = in_flight.as_ref().map(H::enter);
                        task.run();
                    }
                }
                state = lock(&self.state);
                state.workers -= usize::from(was_worker);
                // It was a worker until now, and the pool has enough threads without it.
                if state.threads - state.workers > self.limit {
                    break 'life;
                }
            }
            if state.closed {
                break;
            }
            state.idle += 1;
            let (woken, called) = self.wait(state);
            state = woken;
            if !called {
                state.idle -= 1;
                if !state.closed {
                    break; // no job came for as long as a thread is kept
                }
            }
        }
        state.threads -= 1;
        if state.closed {
            self.thread_exited.notify_all();
        }
    }

    /// Waits for a claim, for the end of the pool, or until the thread's time is over. Returns whether it
    /// was a claim.
    fn wait<'a>(&'a self, mut state: MutexGuard<'a, State<H>>) -> (MutexGuard<'a, State<H>>, bool) {
        let begun = Instant::now();
        loop {
            let left = self.keep_alive.saturating_sub(begun.elapsed());
            let waited = self.wake.wait_timeout(state, left);
            state = waited.unwrap_or_else(|poisoned| poisoned.into_inner()).0;
            if state.notified > 0 {
                state.notified -= 1;
                return (state, true);
            }
            if state.closed || begun.elapsed() >= self.keep_alive {
                return (state, false);
            }
        }
    }
}
