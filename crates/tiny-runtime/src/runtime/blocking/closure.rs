//! A closure as a task. Its first poll blocks, and is ready.
//!
//! Tokio's counterpart: `tokio/src/runtime/blocking/task.rs`.

use super::pool::{Host, Pool};
use crate::runtime::task::{self, Header, JoinHandle, Notified, Schedule};
use std::ptr::NonNull;

impl<H: Host> Pool<H> {
    /// Runs the closure on a thread of the pool. If there is no thread and the system has none to give, the
    /// handle reports "cancelled".
    pub(crate) fn spawn<F, R>(&self, closure: F, in_flight: Option<H>) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        let (task, handle) = task::new(async move { closure() }, BlockingSchedule);
        if let Err(task) = self.run(task, in_flight) {
            task.cancel();
        }
        handle
    }
}

/// A closure is run once, and never waits.
#[derive(Clone, Copy)]
struct BlockingSchedule;

impl Schedule for BlockingSchedule {
    fn schedule(self, _: Notified) {
        unreachable!("it is in the queue, or over");
    }

    fn yield_now(self, _: Notified) {
        unreachable!("it is ready at its first poll");
    }

    fn track(self, _: NonNull<Header>) {}

    fn untrack(self, _: NonNull<Header>) {}
}
