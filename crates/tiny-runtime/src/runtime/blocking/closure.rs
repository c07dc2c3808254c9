//! A closure as a task that is ready at its first poll, which blocks.
//!
//! Tokio's counterpart: `tokio/src/runtime/blocking/task.rs`.

use super::pool::{Host, Pool};
use crate::runtime::task::{self, Header, JoinHandle, Schedule, Task};
use std::ptr::NonNull;

impl<H: Host> Pool<H> {
    /// Runs the closure on a thread of the pool. If there is none, nor can be one, its handle says
    /// "cancelled".
    pub(crate) fn spawn<F, R>(&self, closure: F, under_way: Option<H>) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        let (task, handle) = task::new(async move { closure() }, NotWoken);
        if let Err(task) = self.run(task, under_way) {
            task.cancel();
        }
        handle
    }
}

/// A closure is run once, and never waits.
#[derive(Clone, Copy)]
struct NotWoken;

impl Schedule for NotWoken {
    fn schedule(self, _: Task) {
        unreachable!("it is in the queue, or over");
    }

    fn yield_now(self, _: Task) {
        unreachable!("it is ready at its first poll");
    }

    fn own(self, _: NonNull<Header>) {}

    fn disown(self, _: NonNull<Header>) {}
}
