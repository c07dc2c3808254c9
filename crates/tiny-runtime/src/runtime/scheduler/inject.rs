//! The global queue: tasks from outside the workers, and what does not fit into their own queues.
//!
//! A lock around a linked list, first in, first out. The links are in the tasks themselves, so that
//! a push allocates nothing. The length is kept beside the lock: a worker asks each turn whether
//! there is anything, and must not lock to hear "no".
//!
//! Contains `unsafe`: the links, which belong to whoever holds the lock.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/inject.rs`.

#![expect(unsafe_code, reason = "the links, which belong to whoever holds the lock")]

use crate::runtime::task::{Header, Notified};
use crate::sync::atomic::Ordering::{Acquire, Release};
use crate::sync::atomic::{AtomicBool, AtomicUsize};
use crate::sync::{Mutex, lock};
use std::ptr::NonNull;

pub(crate) struct Inject {
    list: Mutex<List>,
    /// Written under the lock.
    len: AtomicUsize,
    /// No more spawns; written under the lock. Tasks that wake up are still taken in: whoever closes
    /// waits for them.
    closed: AtomicBool,
}

#[derive(Default)]
struct List {
    /// Both or neither. Tasks from `first` on, linked by `next`, to `last`.
    ends: Option<(NonNull<Header>, NonNull<Header>)>,
}

// SAFETY: the pointers stand for `Notified`s, which are `Send`.
unsafe impl Send for List {}

impl Inject {
    pub(crate) fn new() -> Self {
        Self {
            list: Mutex::new(List::default()),
            len: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len.load(Acquire)
    }

    /// Puts a woken task at the back.
    pub(crate) fn push(&self, task: Notified) {
        self.push_all(std::iter::once(task));
    }

    /// Puts a new task at the back.
    ///
    /// # Errors
    ///
    /// Gives it back when the runtime has ended.
    pub(crate) fn push_new(&self, task: Notified) -> Result<(), Notified> {
        let mut list = lock(&self.list);
        if self.is_closed() {
            return Err(task);
        }
        list.push(task);
        self.len.store(self.len.load(Acquire) + 1, Release);
        Ok(())
    }

    /// Puts many at the back, in order, under one lock.
    pub(crate) fn push_all(&self, tasks: impl Iterator<Item = Notified>) {
        let mut list = lock(&self.list);
        let count = tasks.map(|task| list.push(task)).count();
        self.len.store(self.len.load(Acquire) + count, Release);
    }

    /// Takes up to `count` from the front, under one lock.
    pub(crate) fn pop(&self, count: usize, mut take: impl FnMut(Notified)) {
        if self.len() == 0 {
            return;
        }
        let mut list = lock(&self.list);
        let mut taken = 0;
        while taken < count
            && let Some(task) = list.pop()
        {
            taken += 1;
            take(task);
        }
        self.len.store(self.len.load(Acquire) - taken, Release);
    }

    /// Ends spawning.
    pub(crate) fn close(&self) {
        let _list = lock(&self.list);
        self.closed.store(true, Release);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Acquire)
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
