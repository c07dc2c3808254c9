//! Many tasks as one thing: their results as they come, and an end for all.
//!
//! Each handle gets a waker of its own, which notes the task that is ready. So a result costs one poll,
//! however many tasks there are.
//!
//! Tokio's counterpart: `tokio/src/task/join_set.rs`.

mod spawning;
mod results;
mod collect;

use crate::foreign::ForeignWaker;
use crate::runtime::task::{AbortHandle, JoinError, JoinHandle};
use crate::sync::{Mutex, lock};
use slab::Slab;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

/// A set of tasks. Its drop aborts them.
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
    /// Returns an empty set.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// assert!(JoinSet::<()>::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the number of tasks whose results have not been taken.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn(async {});
    /// assert_eq!(tasks.len(), 1);
    /// tasks.join_next().await;
    /// assert_eq!(tasks.len(), 0);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Returns whether all results have been taken.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn(async {});
    /// assert!(!tasks.is_empty());
    /// tasks.join_next().await;
    /// assert!(tasks.is_empty());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Aborts all tasks. They stay in the set until their results, "cancelled", are taken.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn(std::future::pending::<()>());
    /// tasks.abort_all();
    /// assert!(tasks.join_next().await.unwrap().unwrap_err().is_cancelled());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn abort_all(&mut self) {
        self.tasks.iter().for_each(|(_, handle)| handle.abort());
    }

    /// Removes all tasks from the set. They go on.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let (done, mut is_done) = tokio::sync::oneshot::channel();
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn(async { done.send(1) });
    /// tasks.detach_all();
    /// drop(tasks);
    /// assert_eq!(is_done.await, Ok(1));
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn detach_all(&mut self) {
        self.tasks.drain().for_each(drop);
        lock(&self.ready).keys.clear();
    }
}

impl<T: 'static> JoinSet<T> {
    fn insert(&mut self, handle: JoinHandle<T>) -> AbortHandle {
        let entry = self.tasks.vacant_entry();
        let note = Waker::from(Arc::new(Note { key: entry.key(), ready: self.ready.clone() }));
        if handle.can_read_output(&note) {
            note.wake();
        }
        entry.insert(handle).abort_handle()
    }

    /// Returns the result of the task that has left a note, if it is that task's.
    fn ask(&mut self, key: usize) -> Option<Result<T, JoinError>> {
        // The note may be of a task that is gone, and another task may have its key now.
        let handle = self.tasks.get_mut(key).filter(|handle| handle.is_finished())?;
        let Poll::Ready(result) = Pin::new(handle).poll(&mut Context::from_waker(Waker::noop()))
        else {
            return None;
        };
        self.tasks.remove(key);
        Some(result)
    }

    /// Returns the key of a task that is ready. If there is none, stores the waker, which is then woken.
    fn key_or_wait(&self, waker: &Waker) -> Option<usize> {
        let waker = ForeignWaker::clone_of(waker);
        let mut ready = lock(&self.ready);
        let key = ready.keys.pop_front();
        let waiting = if key.is_none() { Some(waker) } else { None };
        let replaced = std::mem::replace(&mut ready.waiting, waiting);
        drop((ready, replaced)); // foreign code, behind the lock
        key
    }
}

impl<T> Drop for JoinSet<T> {
    fn drop(&mut self) {
        self.abort_all();
    }
}
