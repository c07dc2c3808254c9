//! Models: each runs once for every order in which its threads can meet, or, the larger ones, for
//! each with at most two or three preemptions, and for every value that a load may see.
//! `scripts/loom` runs them.
//!
//! A deadlock, a leak of what an `Arc` counts, and two accesses to one cell at once fail a model by
//! themselves. What else must hold is asserted.

mod blocking;
mod idle;
mod join_handle;
mod owned;
mod park;
mod queue;
mod scheduled_io;
mod task;
mod yielding;

use crate::inject::Inject;
use crate::join_error::JoinError;
use crate::join_handle::JoinHandle;
use crate::sync::Arc;
use crate::task::{Header, Schedule, Task};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};

/// A scheduler that has the global queue alone.
#[derive(Clone, Copy)]
struct Queue(NonNull<Inject>);

impl Schedule for Queue {
    fn schedule(self, task: Task) {
        // SAFETY: a model keeps its queue until all its tasks are over.
        unsafe { self.0.as_ref() }.push(task);
    }

    fn yield_now(self, task: Task) {
        self.schedule(task);
    }

    fn own(self, _: NonNull<Header>) {}

    fn disown(self, _: NonNull<Header>) {}
}

/// A task that is scheduled, in no queue.
fn task<F: Future>(queue: &Arc<Inject>, future: F) -> (Task, JoinHandle<F::Output>) {
    Task::new(future, Queue(NonNull::from(&**queue)))
}

fn run_all(queue: &Inject) {
    loop {
        let mut next = None;
        queue.pop(1, |task| next = Some(task));
        match next {
            Some(task) => task.run(),
            None => break,
        }
    }
}

/// The output, without waiting.
fn poll<T>(handle: &mut JoinHandle<T>, waker: &Waker) -> Poll<Result<T, JoinError>> {
    Pin::new(handle).poll(&mut Context::from_waker(waker))
}
