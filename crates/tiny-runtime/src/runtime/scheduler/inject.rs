//! The global queue: tasks from outside the workers, and tasks that did not fit into a worker's queue.
//!
//! A lock around a linked list, first in, first out. The links are in the tasks themselves, so a push
//! allocates nothing. The length stands beside the lock: a worker asks at each tick whether a task is there,
//! and must not lock to learn that none is.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `len`, read without the lock: `Relaxed` | – | nothing: a worker that reads an old 0 looks again before it sleeps, after the fence of `idle.rs`; one that reads a number takes the lock, and with it the tasks |
//! | `len`, written, and read under the lock: `Relaxed` | the lock | nothing |
//!
//! Contains `unsafe`: the links, which belong to the thread that holds the lock.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/inject.rs`.

#![expect(unsafe_code, reason = "the links, which belong to the thread that holds the lock")]

use crate::runtime::task::{Header, Notified};
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::Relaxed;
use crate::sync::{Mutex, lock};
use std::ptr::NonNull;

pub(crate) struct Inject {
    list: Mutex<List>,
    /// Written under the lock.
    len: AtomicUsize,
}

#[derive(Default)]
struct List {
    /// The first and the last task, which `next` links.
    ends: Option<(NonNull<Header>, NonNull<Header>)>,
    /// Spawns are refused. Woken tasks are still taken in, for the thread that ends the runtime.
    closed: bool,
}

/// The next step of a thread that has queued tasks here.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum Pushed {
    /// Wake a worker.
    Open,
    /// Wake the thread that ends the runtime: it may have looked here already.
    Closed,
}

// SAFETY: the pointers stand for `Notified`s, which are `Send`.
unsafe impl Send for List {}

impl Inject {
    pub(crate) fn new() -> Self {
        Self { list: Mutex::new(List::default()), len: AtomicUsize::new(0) }
    }

    pub(crate) fn len(&self) -> usize {
        self.len.load(Relaxed)
    }

    /// Puts a woken task at the back.
    pub(crate) fn push(&self, task: Notified) -> Pushed {
        self.push_all(std::iter::once(task))
    }

    /// Puts a new task at the back.
    ///
    /// # Errors
    ///
    /// Returns the task if the runtime has ended.
    pub(crate) fn push_new(&self, task: Notified) -> Result<(), Notified> {
        let mut list = lock(&self.list);
        if list.closed {
            return Err(task);
        }
        list.push(task);
        self.len.store(self.len.load(Relaxed) + 1, Relaxed);
        Ok(())
    }

    /// Puts many tasks at the back, in order, under one lock.
    pub(crate) fn push_all(&self, tasks: impl Iterator<Item = Notified>) -> Pushed {
        let mut list = lock(&self.list);
        let count = tasks.map(|task| list.push(task)).count();
        self.len.store(self.len.load(Relaxed) + count, Relaxed);
        if list.closed { Pushed::Closed } else { Pushed::Open }
    }

    /// Takes up to `count` tasks from the front, under one lock.
    pub(crate) fn pop(&self, count: usize, mut take: impl FnMut(Notified)) {
        if self.len() > 0 {
            let mut list = lock(&self.list);
            let taken = std::iter::from_fn(|| list.pop()).take(count).map(&mut take).count();
            self.len.store(self.len.load(Relaxed) - taken, Relaxed);
        }
    }

    /// Takes all tasks. Always locks: the caller sees in the workers' queues what they have moved
    /// there from here.
    pub(crate) fn drain(&self) -> Vec<Notified> {
        let mut list = lock(&self.list);
        self.len.store(0, Relaxed);
        std::iter::from_fn(|| list.pop()).collect()
    }

    /// Refuses all later spawns.
    pub(crate) fn close(&self) {
        lock(&self.list).closed = true;
    }
}

impl List {
    fn push(&mut self, task: Notified) {
        let task = task.into_raw();
        match &mut self.ends {
            None => self.ends = Some((task, task)),
            Some((_, last)) => {
                // SAFETY: a task in a queue lives, and the lock, which `&mut self` stands for, is
                // held.
                unsafe { last.as_ref() }.next.with_mut(|next| unsafe { *next = Some(task) });
                *last = task;
            }
        }
    }

    fn pop(&mut self) -> Option<Notified> {
        let (first, last) = self.ends?;
        // SAFETY: as in `push`.
        let next = unsafe { first.as_ref() }.next.with_mut(|next| unsafe { (*next).take() });
        self.ends = next.map(|next| (next, last));
        // SAFETY: it was made of a `Notified`, and is in the list no more.
        Some(unsafe { Notified::from_raw(first) })
    }
}
