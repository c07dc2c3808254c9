//! The tasks that wait: the list in which the end of a runtime finds them.
//!
//! A waiting task is in no queue. Only its wakers know it, and they may be anywhere. So a task that
//! waits for the first time enters a list of the worker that polled it, and leaves the list when it
//! is over. A task that never waits never enters: this saves most of the cost of a list of all tasks.
//!
//! Each worker has a list of its own, under a lock of its own. Two workers meet at one only if a task
//! ends on another worker than the one it first waited on.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | a task's `list`: `Relaxed` | – | nothing: only the thread that runs the task reads and writes it, and `State` hands the task from one such thread to the next |
//! | a list's `len`, written under its lock: `Release` | `len`, read without it: `Acquire` | the thread that ends the runtime reads 0 and goes on: it must see what the last task's drop did |
//!
//! Contains `unsafe`: the links, which belong to the thread that holds the list's lock.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/list.rs`, where each task enters when it is spawned.

#![expect(unsafe_code, reason = "the links, which belong to the thread that holds the list's lock")]

use crate::runtime::task::{Header, Links, Notified, Wake};
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{CachePadded, Mutex, lock};
use std::ptr::NonNull;

pub(crate) struct WaitingTasks {
    /// The list of worker `i` is number `i + 1` in the tasks.
    lists: Box<[CachePadded<List>]>,
}

struct List {
    first: Mutex<First>,
    /// Written under the lock.
    len: AtomicUsize,
}

#[derive(Default)]
struct First {
    task: Option<NonNull<Header>>,
    /// The runtime ends: a task that would wait is cancelled instead.
    closed: bool,
}

// SAFETY: the pointers are followed only under the lock, and the tasks they point to are held by the
// scheduler.
unsafe impl Send for First {}

impl WaitingTasks {
    pub(crate) fn new(workers: usize) -> Self {
        let list = || CachePadded(List { first: Mutex::default(), len: AtomicUsize::new(0) });
        Self { lists: (0..workers).map(|_| list()).collect() }
    }

    /// Returns how many tasks wait, or have waited and are not over.
    pub(crate) fn len(&self) -> usize {
        self.lists.iter().map(|list| list.len.load(Acquire)).sum()
    }

    /// Puts the task, which is about to wait, into the list of `worker`, unless it is in a list.
    ///
    /// # Safety
    ///
    /// This thread runs the task, and is that of `worker`.
    #[inline]
    pub(crate) unsafe fn insert(&self, task: NonNull<Header>, worker: impl FnOnce() -> usize) {
        // SAFETY: it runs, so it lives.
        let header = unsafe { task.as_ref() };
        if header.list.load(Relaxed) != 0 {
            return;
        }
        let worker = worker();
        let list = &self.lists[worker];
        let mut first = lock(&list.first);
        if first.closed {
            // The thread that ends the runtime was here. The runner, which asks next, drops the task.
            let request = header.state.abort();
            debug_assert_eq!(request, Wake::Nothing, "it runs");
            return;
        }
        header.list.store(u32::try_from(worker + 1).expect("there are fewer workers"), Relaxed);
        let behind = first.task.replace(task);
        // SAFETY: the list's lock is held.
        header.links.with_mut(|links| unsafe { *links = Links { before: None, behind } });
        if let Some(behind) = behind {
            // SAFETY: a task in a list is not over, so it lives; the list's lock is held.
            unsafe { behind.as_ref().links.with_mut(|links| (*links).before = Some(task)) };
        }
        list.len.store(list.len.load(Relaxed) + 1, Release);
    }

    /// Takes the task, which is over, out of its list, if it is in one.
    ///
    /// # Safety
    ///
    /// This thread runs the task, for the last time.
    #[inline]
    pub(crate) unsafe fn remove(&self, task: NonNull<Header>) {
        // SAFETY: it runs, so it lives.
        let header = unsafe { task.as_ref() };
        let Some(list) = header.list.load(Relaxed).checked_sub(1) else {
            return;
        };
        let list = &self.lists[list as usize];
        let mut first = lock(&list.first);
        // SAFETY: the list's lock is held.
        let Links { before, behind } =
            header.links.with_mut(|links| unsafe { std::mem::take(&mut *links) });
        match before {
            None => first.task = behind,
            // SAFETY: a neighbour is in the list, so it lives; the list's lock is held.
            Some(before) => unsafe {
                before.as_ref().links.with_mut(|links| (*links).behind = behind)
            },
        }
        if let Some(behind) = behind {
            // SAFETY: as above.
            unsafe { behind.as_ref().links.with_mut(|links| (*links).before = before) };
        }
        list.len.store(list.len.load(Relaxed) - 1, Release);
    }

    /// Aborts all tasks that wait, or would wait from now on, and returns those that are in no queue,
    /// to be cancelled. A task that runs is dropped by its runner, as soon as its poll returns.
    pub(crate) fn close(&self) -> Vec<Notified> {
        let mut idle = Vec::new();
        for list in &self.lists {
            let mut first = lock(&list.first);
            first.closed = true;
            let mut next = first.task;
            while let Some(task) = next {
                // SAFETY: in the list, so it lives; the list's lock is held.
                let header = unsafe { task.as_ref() };
                if header.state.abort() == Wake::Submit {
                    // SAFETY: made `Scheduled` by this thread, which does not queue it.
                    idle.push(unsafe { Notified::from_raw(task) });
                }
                // SAFETY: as above.
                next = header.links.with(|links| unsafe { (*links).behind });
            }
        }
        idle
    }
}

#[cfg(all(loom, test))]
mod models;
