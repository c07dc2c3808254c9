//! A runtime's entrances, for futures in boxes.
//!
//! For each type of future the compiler writes out all of a task's code once more. The suite has a
//! thousand futures and a handful of outputs, and in a box only the output counts. Futures whose
//! own type matters (their size, their alignment) go in by `rt::task::spawn` and by the methods
//! of the runtime.

use super::runtime::Runtime;
use super::task::{self, JoinHandle};
use std::pin::Pin;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
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
pub fn block_on<T>(runtime: &Runtime, future: impl Future<Output = T>) -> T {
    runtime.block_on(Box::pin(future) as Boxed<T>)
}
