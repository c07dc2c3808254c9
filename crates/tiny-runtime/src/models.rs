//! Models: each runs once for every order in which its threads can meet, or, the larger ones, for
//! each with at most three preemptions, and for every value that a load may see.
//! `scripts/loom` runs them.
//!
//! A deadlock, a leak of what an `Arc` counts, and two accesses to one cell at once fail a model by
//! themselves. The rest is asserted.

use crate::runtime::Builder;
use crate::runtime::io::reactor::Reactor;
use crate::runtime::park::{self, SharedDriver};
use crate::runtime::runtime::Runtime;
use crate::runtime::scheduler::core::Core;
use crate::runtime::scheduler::inject::Inject;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::task::{self, Header, JoinError, JoinHandle, Notified, Schedule};
use crate::runtime::time::clock::Clock;
use crate::runtime::time::timers::Timers;
use crate::sync::{Arc, Condvar, Mutex, lock};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Ready once it is set. Its setter wakes the future that asked before.
#[derive(Default)]
pub(crate) struct Event(Mutex<(bool, Option<Waker>)>);

impl Event {
    pub(crate) fn set(&self) {
        let waker = {
            let mut state = lock(&self.0);
            state.0 = true;
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub(crate) fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = lock(&self.0);
        if state.0 {
            return Poll::Ready(());
        }
        state.1 = Some(context.waker().clone());
        Poll::Pending
    }
}

/// A scheduler that has the global queue alone.
#[derive(Clone, Copy)]
pub(crate) struct Queue(NonNull<Inject>);

impl Schedule for Queue {
    fn schedule(self, task: Notified) {
        // SAFETY: a model keeps its queue until all its tasks are over.
        let _open = unsafe { self.0.as_ref() }.push(task);
    }

    fn yield_now(self, task: Notified) {
        self.schedule(task);
    }

    fn track(self, _: NonNull<Header>) {}

    fn untrack(self, _: NonNull<Header>) {}
}

/// A task that is scheduled, in no queue.
pub(crate) fn task<F: Future>(queue: &Arc<Inject>, future: F) -> (Notified, JoinHandle<F::Output>) {
    task::new(future, Queue(NonNull::from(&**queue)))
}

pub(crate) fn run_all(queue: &Inject) {
    loop {
        let mut next = None;
        queue.pop(1, |task| next = Some(task));
        match next {
            Some(task) => task.run(),
            None => break,
        }
    }
}

/// The output, without waiting.
pub(crate) fn poll<T>(handle: &mut JoinHandle<T>, waker: &Waker) -> Poll<Result<T, JoinError>> {
    Pin::new(handle).poll(&mut Context::from_waker(waker))
}

/// The kernel, as far as a worker that sleeps there can tell: a bell, which another thread rings.
#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    rings: Condvar,
}

impl Bell {
    fn ring(&self) {
        *lock(&self.rung) = true;
        self.rings.notify_one();
    }
}

impl park::Driver for Arc<Bell> {
    fn poll(&mut self, timeout: Option<Duration>) {
        let mut rung = lock(&self.rung);
        while timeout.is_none() && !*rung {
            rung = self.rings.wait(rung).unwrap();
        }
        *rung = false;
    }
}

/// A runtime with threads, without a kernel.
pub(crate) fn runtime(workers: usize) -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(workers);
    let (shared, cores) = put_together(&builder, Clock::new(false, false));
    Builder::start(shared, cores).unwrap()
}

/// A runtime without threads, and without a kernel.
pub(crate) fn current_thread(paused: bool) -> Runtime {
    let (shared, cores) = put_together(&Builder::new_current_thread(), Clock::new(true, paused));
    *lock(&shared.remotes[0].handoff) = cores.into_iter().next().map(Box::new);
    Runtime::from_shared(shared)
}

fn put_together(builder: &Builder, clock: Clock) -> (Arc<Shared>, Vec<Core>) {
    let bell = Arc::new(Bell::default());
    let alarm = |bell: &Arc<Bell>| {
        let bell = bell.clone();
        Box::new(move || bell.ring())
    };
    let driver = Arc::new(SharedDriver::new(Box::new(bell.clone()), alarm(&bell)));
    let timers = Arc::new(Timers::new(clock, alarm(&bell)));
    let (_reactor, registry) = Reactor::new().unwrap();
    builder.put_together(None, driver, timers, registry)
}
