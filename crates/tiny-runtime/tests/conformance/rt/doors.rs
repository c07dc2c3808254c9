//! A runtime's entrances, for futures and closures in boxes.
//!
//! For each type of future or closure the compiler writes out all of a task's code once more. The suite
//! has a thousand of them and a handful of outputs, and in a box only the output counts. Those whose
//! own type matters (their size, their alignment) go in by `rt::task::spawn` and by the methods
//! of the runtime.

use super::runtime::Runtime;
use super::task::{self, AbortHandle, JoinHandle, JoinSet};
use std::pin::Pin;

type Closure<T> = Box<dyn FnOnce() -> T + Send>;
type Root<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;
type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;

#[track_caller]
pub fn spawn<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    task::spawn(Box::pin(future) as Task<T>)
}

#[track_caller]
pub fn spawn_on<T: Send + 'static>(
    runtime: &Runtime,
    future: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    runtime.spawn(Box::pin(future) as Task<T>)
}

#[track_caller]
pub fn spawn_in<T: Send + 'static>(
    set: &mut JoinSet<T>,
    future: impl Future<Output = T> + Send + 'static,
) -> AbortHandle {
    set.spawn(Box::pin(future) as Task<T>)
}

#[track_caller]
pub fn spawn_blocking<T: Send + 'static>(
    closure: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    task::spawn_blocking(Box::new(closure) as Closure<T>)
}

#[track_caller]
pub fn spawn_blocking_on<T: Send + 'static>(
    runtime: &Runtime,
    closure: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    runtime.spawn_blocking(Box::new(closure) as Closure<T>)
}

/// Here not even the output counts.
#[track_caller]
pub fn block_on<T>(runtime: &Runtime, future: impl Future<Output = T>) -> T {
    let mut output = None;
    runtime.block_on(Box::pin(async { output = Some(future.await) }) as Root<'_>);
    output.expect("the future has ended")
}
