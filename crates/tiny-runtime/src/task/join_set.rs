//! Many tasks as one thing: their results as they come, and an end for all.
//!
//! Each handle gets a waker of its own, which notes which task is ready; so a result costs one poll,
//! however many tasks there are.
//!
//! Tokio's counterpart: `tokio/src/task/join_set.rs`.

mod collect;

use super::{spawn, spawn_blocking, spawn_local};
use crate::foreign::ForeignWaker;
use crate::runtime::handle::Handle;
use crate::runtime::task::defer::defer;
use crate::runtime::task::{AbortHandle, JoinError, JoinHandle, coop};
use crate::sync::{Mutex, lock};
use slab::Slab;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

/// A set of tasks. Dropped, it aborts them.
///
/// ```
/// use tiny_runtime::{runtime::Builder, task::JoinSet};
///
/// let squares = async {
///     let mut tasks = JoinSet::new();
///     for number in 1..=3 {
///         tasks.spawn(async move { number * number });
///     }
///     tasks.join_all().await
/// };
/// let runtime = Builder::new_current_thread().build()?;
/// assert_eq!(runtime.block_on(squares), [1, 4, 9]);
/// # std::io::Result::Ok(())
/// ```
pub struct JoinSet<T> {
    tasks: Slab<JoinHandle<T>>,
    ready: Arc<Mutex<Ready>>,
}

#[derive(Default)]
struct Ready {
    keys: VecDeque<usize>,
    waiting: Option<ForeignWaker>,
}

/// The waker of one handle.
struct Note {
    key: usize,
    ready: Arc<Mutex<Ready>>,
}

impl Wake for Note {
    fn wake(self: Arc<Self>) {
        let mut ready = lock(&self.ready);
        ready.keys.push_back(self.key);
        let waiting = ready.waiting.take();
        drop(ready);
        waiting.into_iter().for_each(ForeignWaker::wake);
    }
}

impl<T> Default for JoinSet<T> {
    fn default() -> Self {
        Self { tasks: Slab::new(), ready: Arc::default() }
    }
}

impl<T> JoinSet<T> {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tasks whose results have not been taken.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether all results have been taken.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Aborts all tasks. They stay in the set until their results, "cancelled", are taken.
    pub fn abort_all(&mut self) {
        self.tasks.iter().for_each(|(_, handle)| handle.abort());
    }

    /// Lets all tasks go on without the set.
    pub fn detach_all(&mut self) {
        self.tasks.drain().for_each(drop);
        lock(&self.ready).keys.clear();
    }
}

impl<T: Send + 'static> JoinSet<T> {
    /// Spawns a task onto the current runtime, into the set.
    ///
    /// # Panics
    ///
    /// Outside of a runtime.
    #[track_caller]
    pub fn spawn<F: Future<Output = T> + Send + 'static>(&mut self, future: F) -> AbortHandle {
        self.insert(spawn::spawn(future))
    }

    /// Spawns a task onto that runtime, into the set.
    pub fn spawn_on<F>(&mut self, future: F, handle: &Handle) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
    {
        self.insert(handle.spawn(future))
    }

    /// As [`spawn_blocking`](crate::task::spawn_blocking).
    #[track_caller]
    pub fn spawn_blocking<F: FnOnce() -> T + Send + 'static>(&mut self, closure: F) -> AbortHandle {
        self.insert(spawn_blocking::spawn_blocking(closure))
    }

    /// As [`spawn_blocking`](Self::spawn_blocking), onto that runtime's pool.
    pub fn spawn_blocking_on<F>(&mut self, closure: F, handle: &Handle) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
    {
        self.insert(handle.spawn_blocking(closure))
    }
}

impl<T: 'static> JoinSet<T> {
    /// As [`spawn_local`](crate::task::spawn_local).
    #[track_caller]
    pub fn spawn_local<F: Future<Output = T> + 'static>(&mut self, future: F) -> AbortHandle {
        self.insert(spawn_local::spawn_local(future))
    }

    fn insert(&mut self, handle: JoinHandle<T>) -> AbortHandle {
        let entry = self.tasks.vacant_entry();
        let note = Waker::from(Arc::new(Note { key: entry.key(), ready: self.ready.clone() }));
        if handle.can_read_output(&note) {
            note.wake();
        }
        entry.insert(handle).abort_handle()
    }

    /// The next result, in the order in which the tasks ended. None if there are no tasks.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it takes no result.
    pub async fn join_next(&mut self) -> Option<Result<T, JoinError>> {
        poll_fn(|context| self.poll_join_next(context)).await
    }

    /// As [`join_next`](Self::join_next).
    pub fn poll_join_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, JoinError>>> {
        while !self.tasks.is_empty() {
            if !coop::is_left() {
                // Each handle would say so, and note at once that it is to be asked again.
                defer(context.waker());
                return Poll::Pending;
            }
            let Some(key) = self.key_or_wait(context.waker()) else {
                return Poll::Pending;
            };
            if let Some(result) = self.ask(key) {
                return Poll::Ready(Some(result));
            }
        }
        Poll::Ready(None)
    }

    /// The next result, if there is one now. Who waits for the next goes on waiting.
    pub fn try_join_next(&mut self) -> Option<Result<T, JoinError>> {
        // Without a budget: it cannot give way.
        coop::without(|| {
            loop {
                let key = lock(&self.ready).keys.pop_front()?;
                if let Some(result) = self.ask(key) {
                    return Some(result);
                }
            }
        })
    }

    /// What the task that has left a note has to say.
    fn ask(&mut self, key: usize) -> Option<Result<T, JoinError>> {
        // A task that is gone may have left a note; its place may be another's.
        let handle = self.tasks.get_mut(key).filter(|handle| handle.is_finished())?;
        let Poll::Ready(result) = Pin::new(handle).poll(&mut Context::from_waker(Waker::noop()))
        else {
            return None;
        };
        self.tasks.remove(key);
        Some(result)
    }

    /// A task that is ready, or this waker is woken when there is one.
    fn key_or_wait(&self, waker: &Waker) -> Option<usize> {
        let waker = ForeignWaker::clone_of(waker);
        let mut ready = lock(&self.ready);
        let key = ready.keys.pop_front();
        let waiting = if key.is_none() { Some(waker) } else { None };
        let replaced = std::mem::replace(&mut ready.waiting, waiting);
        drop((ready, replaced)); // foreign code, behind the lock
        key
    }

    /// Aborts all tasks, and waits until they are over.
    pub async fn shutdown(&mut self) {
        self.abort_all();
        while self.join_next().await.is_some() {}
    }

    /// All results, in the order in which the tasks ended.
    ///
    /// # Panics
    ///
    /// With the first task that panicked, or was aborted.
    pub async fn join_all(mut self) -> Vec<T> {
        let mut outputs = Vec::with_capacity(self.len());
        while let Some(result) = self.join_next().await {
            match result.map_err(JoinError::try_into_panic) {
                Ok(output) => outputs.push(output),
                Err(Ok(panic)) => std::panic::resume_unwind(panic),
                Err(Err(error)) => panic!("{error}"),
            }
        }
        outputs
    }
}

impl<T> Drop for JoinSet<T> {
    fn drop(&mut self) {
        self.abort_all();
    }
}
