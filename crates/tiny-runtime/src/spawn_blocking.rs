//! `spawn_blocking`: a closure as a task that is ready at its first poll, which blocks.
//!
//! Tokio's counterpart: `tokio/src/runtime/blocking/task.rs` and `schedule.rs`.

use crate::blocking::Pool;
use crate::context;
use crate::join_handle::JoinHandle;
use crate::shared::{Flavor, Shared};
use crate::sync::Arc;
use crate::sync::atomic::Ordering::AcqRel;
use crate::task::{Header, Schedule, Task};
use std::ptr::NonNull;

impl Pool {
    /// Runs the closure on a thread of the pool. If there is none, nor can be one, its handle says
    /// "cancelled".
    pub(crate) fn spawn<F, R>(&self, closure: F, under_way: Option<UnderWay>) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        let (task, handle) = Task::new(async move { closure() }, NotWoken);
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

/// Runs a closure that may block on a thread of its own, beside the workers.
///
/// The closure starts even if nobody awaits the handle. [`JoinHandle::abort`] stops it only if it has
/// not begun; a runtime that is dropped waits for it.
///
/// # Panics
///
/// Outside of a runtime.
#[track_caller]
pub fn spawn_blocking<F, R>(closure: F) -> JoinHandle<R>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    spawn_on(&context::current(), closure)
}

pub(crate) fn spawn_on<F, R>(shared: &Arc<Shared>, closure: F) -> JoinHandle<R>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    shared.pool.spawn(closure, Some(UnderWay::new(shared)))
}

/// A closure that waits or runs: a paused clock does not jump, since its end is not in virtual time.
pub(crate) struct UnderWay(Arc<Shared>);

impl UnderWay {
    pub(crate) fn enter(&self) -> context::CurrentGuard {
        context::set_current(&self.0)
    }

    fn new(shared: &Arc<Shared>) -> Self {
        shared.closures.fetch_add(1, AcqRel);
        Self(shared.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.closures.fetch_sub(1, AcqRel);
        if self.0.config.flavor == Flavor::CurrentThread {
            self.0.remotes[0].parker.unpark();
        }
    }
}
