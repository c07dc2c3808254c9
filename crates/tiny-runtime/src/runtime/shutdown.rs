//! The end of a runtime: the thread that ends it drops the tasks, and waits only for polls that run.
//!
//! 1. The runtime closes: no task is spawned, and no poll begins. All workers wake up and leave.
//! 2. One thread, the undertaker, takes all tasks out of the lists and the queues, also out of those of
//!    a worker that is in a poll, and drops them. Then it shuts timers and sockets: a thread that
//!    waits for them in `block_on` gets a panic or an error. A destructor of a task that waits for them
//!    waits without end, as on Tokio: it keeps the undertaker from this second half.
//! 3. A poll that runs goes on. Its worker drops the task when the poll returns, and leaves. The undertaker
//!    sleeps until a worker leaves, or a task is queued, and then does step 2 again.
//! 4. The last thread to leave makes sure that nothing is left. It also awaits a task that a thread from
//!    outside has woken and not queued yet.
//!
//! The undertaker is the thread that drops the `Runtime`: it waits for the end anyway. A thread that
//! waits for a limited time, or not at all, must not be stopped by the destructor of a task. There the
//! undertaker is a thread of the pool. A current-thread runtime has no thread but the caller's.
//!
//! The undertaker cannot reach a task that has yielded, and comes back after the poll that its worker is
//! in. Its worker drops that task when the poll returns.
//!
//! # A spawn during the end
//!
//! There are two cases. Either the spawner sees that the runtime is closed. Then it drops the task at
//! once, and the handle says "cancelled". Or the spawner does not see it yet. Then the task gets into a
//! queue. The lock of the global queue orders a spawn there before the undertaker's look. In a
//! worker's own queue, the undertaker finds the task at its first look or a later one, or the worker
//! leaves it behind after the poll that spawns. In each case the task is dropped unpolled.
//!
//! # Why a task may have a plain pointer here
//!
//! *While a task is not over, a thread is counted in `active_threads`, and each counted thread keeps
//! the `Shared`.* The cases are:
//!
//! - A counted thread polls the task or drops it. It leaves after that.
//! - The task is in a queue, or waits. Then it is in a core, in the global queue or in a list. The last
//!   thread to leave empties all three.
//! - The task is on its way into the global queue: a thread that is not counted has woken it. Then the
//!   task has waited before, so it is in a list. The last thread to leave goes when the lists are empty.
//!
//! No task is added behind the last thread: closed, the global queue and the lists refuse tasks, and a
//! thread without a core has no other place to put them. So a waker or a handle that makes a task
//! scheduled, and a poll that pauses it, find the `Shared`. A waker or a handle of a task that is over
//! does not look for it (`State::wake`, `State::abort`).
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `active_threads`, one less: `AcqRel` | the same, by the last thread; read by the undertaker: `Acquire` | the tasks that a thread has left in `shutdown_cores` and in the lists |
//! | `active_threads`, one more, by the thread that ends the runtime: `AcqRel` | one less, by workers that have left already | the same |
//! | `active_threads`, one more, in `block_in_place`: `Relaxed` | – | nothing: the thread that adds one is counted itself |
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/worker.rs`, `shutdown_core`. There
//! each worker drops tasks as it leaves. So tasks wait while all workers are busy, and timers and
//! sockets while one worker is.

use crate::runtime::context;
use crate::runtime::scheduler::config::Flavor;
use crate::runtime::scheduler::core::Core;
use crate::runtime::scheduler::queue;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::task::Notified;
use crate::runtime::time::running;
use crate::sync::atomic::Ordering::{AcqRel, Acquire};
use crate::sync::{Arc, lock, thread};
use std::mem;
use std::time::{Duration, Instant};

/// Ends the runtime, and waits for at most `limit` until its threads run nothing any more. Destructors of
/// their thread-locals may still run after that.
pub(crate) fn end(shared: &Arc<Shared>, limit: Option<Duration>) {
    let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    shared.close();
    match shared.config.flavor {
        Flavor::MultiThread => end_threads(shared, limit),
        Flavor::CurrentThread => {
            // As on Tokio, a destructor may still start a closure if the caller waits for it.
            if limit.is_some() {
                shared.pool.close();
            }
            // No `block_on` borrows the runtime, so the core is there, and this thread the last.
            leave(shared);
            shared.pool.close();
        }
    }
    // A closure that ends its own runtime cannot wait for itself.
    if !shared.pool.is_here() {
        shared.pool.wait(deadline);
    }
}

fn end_threads(shared: &Arc<Shared>, limit: Option<Duration>) {
    shared.active_threads.fetch_add(1, AcqRel);
    // A thread of the runtime would wait for itself. And a destructor that runs on a thread that panics
    // would take that panic for its own.
    let waits = limit.is_none() && !shared.pool.is_here() && !std::thread::panicking();
    if !waits {
        let undertaker = shared.clone();
        if shared.pool.spawn_worker(move || undertake(&undertaker)).is_err() {
            // The system has no thread left. The last thread to leave drops the tasks that are woken
            // meanwhile.
            drop_tasks(shared);
            leave(shared);
        }
    }
    shared.pool.close();
    if waits {
        undertake(shared);
    }
}

/// Steps 2 and 3.
fn undertake(shared: &Arc<Shared>) {
    let mut pause = Duration::from_millis(1);
    loop {
        drop_tasks(shared);
        // Only a counted thread can count another one.
        if shared.active_threads.load(Acquire) == 1 {
            return leave(shared);
        }
        // A worker may have queued a task at the moment of the look above, and wait for it in its poll.
        // Every other event wakes this thread.
        shared.undertaker.park_timeout(pause);
        pause = (2 * pause).min(Duration::from_secs(1));
    }
}

/// As [`leave`], and leaves the core behind, whose tasks are to be dropped.
pub(crate) fn leave_with(shared: &Arc<Shared>, core: Option<Box<Core>>) {
    lock(&shared.shutdown_cores).extend(core.map(|core| *core));
    leave(shared);
}

/// Counts a thread, which has run tasks and runs none any more, as gone.
pub(crate) fn leave(shared: &Arc<Shared>) {
    if shared.active_threads.fetch_sub(1, AcqRel) > 1 {
        return shared.undertaker.unpark();
    }
    loop {
        drop_tasks(shared);
        if shared.waiting_tasks.len() == 0 {
            return;
        }
        // A thread has woken a task and has not queued it yet.
        thread::yield_now();
    }
}

/// Drops all tasks that no thread polls, then shuts timers and sockets.
fn drop_tasks(shared: &Arc<Shared>) {
    // A destructor may spawn. It finds a runtime that is closed, and gets a cancelled handle.
    let _current = context::try_set_current(shared);
    // A destructor may not block where a worker drops it on Tokio, and may where the caller does.
    let inside = context::is_in_runtime() || shared.config.flavor == Flavor::MultiThread;
    context::with_in_runtime(inside.then_some(&**shared), || {
        for task in shared.waiting_tasks.close() {
            task.cancel();
        }
        for task in queued(shared) {
            task.cancel();
        }
    });
    shared.timers.shutdown();
    running::remove(shared.timers.number());
    shared.registry.shutdown();
}

/// Takes all tasks out of all queues.
fn queued(shared: &Shared) -> Vec<Notified> {
    // Before the workers' own queues: workers move tasks from here to there, under this lock.
    let mut tasks = shared.inject.drain();
    // The core of a worker that blocks in place, if it has not been taken over.
    let waiting = shared.remotes.iter().filter_map(|remote| lock(&remote.handoff).take());
    let left = mem::take(&mut *lock(&shared.shutdown_cores));
    for mut core in left.into_iter().chain(waiting.map(|core| *core)) {
        tasks.extend(std::iter::from_fn(|| core.lifo_slot.take().or_else(|| core.queue.pop())));
    }
    steal_all(shared, &mut tasks);
    tasks
}

/// Takes all tasks of the workers' slots and rings, even if a worker is in a poll.
fn steal_all(shared: &Shared, tasks: &mut Vec<Notified>) {
    let (mut own, _) = queue::new(0);
    for remote in &shared.remotes {
        tasks.extend(remote.lifo_slot.take());
        while remote.stealer.len() > 0 {
            match remote.stealer.steal_into(&mut own) {
                Some((task, _)) => {
                    tasks.extend(std::iter::once(task).chain(std::iter::from_fn(|| own.pop())))
                }
                None => thread::yield_now(), // another thief copies
            }
        }
    }
}

#[cfg(all(loom, test))]
mod models;
