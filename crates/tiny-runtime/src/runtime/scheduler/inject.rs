//! The global queue: tasks from outside the workers, and tasks that did not fit into a worker's queue.
//!
//! A lock around a linked list, first in, first out. The links are in the tasks themselves, so a push
//! allocates nothing. The length stands beside the lock: a worker asks at each tick whether a task is there,
//! and must not lock to learn that none is.
//!
//! A task from outside must not wait until the workers have done their own, so it sets a signal, for which
//! they look in each tick. Tasks that overflow a worker's queue set none: they would come straight back to it.
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

use super::signals::{Seen, Signals};
use crate::runtime::task::{Header, Notified};
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::Relaxed;
use crate::sync::{Mutex, lock};
use std::ptr::NonNull;

pub(crate) struct Inject {
    list: Mutex<List>,
    /// Written under the lock.
    len: AtomicUsize,
    /// Written under the lock.
    signals: Signals,
}

#[derive(Default)]
struct List {
    /// The first and the last task, which `next` links.
    ends: Option<(NonNull<Header>, NonNull<Header>)>,
    /// The number of tasks up to the last one from outside. Among them may be some that overflowed.
    outside: usize,
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
        let (list, len) = (Mutex::new(List::default()), AtomicUsize::new(0));
        Self { list, len, signals: Signals::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.len.load(Relaxed)
    }

    /// Returns what each worker looks for in each tick.
    #[inline]
    pub(crate) fn signals(&self) -> Seen {
        self.signals.read()
    }

    /// Puts a task that was woken from outside at the back.
    pub(crate) fn push(&self, task: Notified) -> Pushed {
        let mut list = lock(&self.list);
        self.push_from_outside(&mut list, task);
        if list.closed { Pushed::Closed } else { Pushed::Open }
    }

    /// Puts a new task from outside at the back.
    ///
    /// # Errors
    ///
    /// Returns the task if the runtime has ended.
    pub(crate) fn push_new(&self, task: Notified) -> Result<(), Notified> {
        let mut list = lock(&self.list);
        if list.closed {
            return Err(task);
        }
        self.push_from_outside(&mut list, task);
        Ok(())
    }

    fn push_from_outside(&self, list: &mut List, task: Notified) {
        list.push(task);
        let len = self.len.load(Relaxed) + 1;
        self.len.store(len, Relaxed);
        list.outside = len;
        self.signals.set(list.closed, true);
    }

    /// Puts the tasks that overflow a worker's queue at the back, in order, under one lock.
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
            list.outside = list.outside.saturating_sub(taken);
            self.signals.set(list.closed, list.outside > 0);
        }
    }

    /// Takes all tasks. Always locks: the caller sees in the workers' queues what they have moved
    /// there from here.
    pub(crate) fn drain(&self) -> Vec<Notified> {
        let mut list = lock(&self.list);
        self.len.store(0, Relaxed);
        list.outside = 0;
        self.signals.set(list.closed, false);
        std::iter::from_fn(|| list.pop()).collect()
    }

    /// Refuses all later spawns, and signals the end.
    pub(crate) fn close(&self) {
        let mut list = lock(&self.list);
        list.closed = true;
        self.signals.set(true, list.outside > 0);
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
