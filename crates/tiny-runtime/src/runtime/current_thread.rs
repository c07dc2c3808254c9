//! The flavor without threads: the thread that calls `block_on` is the worker meanwhile.
//!
//! It polls the future of `block_on` at once, and then whenever the future was woken: after at most 61
//! tasks, and before the thread sleeps. Tasks run first in, first out. Between two calls of `block_on`
//! nothing runs.
//!
//! If a second thread calls `block_on`, it polls only its own future, until the first is done and leaves
//! the core to it.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `root_woken`, set by `wake_by_ref`: `Release` | `root_woken`, taken before a poll of the future: `Acquire` | what the waker's thread wrote before it woke the future |
//! | `root_woken`, set once before the first poll: `Relaxed` | – | nothing: this thread itself takes it |
//! | `root_woken`, read before the thread sleeps: `Relaxed` | – | nothing: a thread that sets it after this look also leaves the token of `park.rs` |
//! | `blocking_in_flight`, read before the clock jumps: `Acquire` | `blocking_in_flight`, one less (`shared.rs`): `Release` | the wake of a closure that has just ended: the clock would jump over a task that is ready |
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/current_thread/mod.rs`.

use crate::foreign::ForeignWaker;
use crate::runtime::block_on;
use crate::runtime::scheduler::core::Core;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::scheduler::step::Step;
use crate::runtime::scheduler::worker::{self, Worker};
use crate::runtime::task::{coop, wake_all};
use crate::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{Arc, lock};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// Runs the future until it is ready, and the tasks meanwhile.
pub(crate) fn run<F: Future>(shared: &Arc<Shared>, future: F) -> F::Output {
    let mut future = pin!(future);
    let core = lock(&shared.remotes[0].handoff).take();
    let core_or_output = core.map_or_else(|| poll_until_core(shared, future.as_mut()), Ok);
    core_or_output.map_or_else(|output| output, |core| work(shared, core, future))
}

/// Polls the future alone, while another thread has the core. Returns the core or, as an error, the output.
#[cold]
fn poll_until_core<F: Future>(
    shared: &Shared,
    mut future: Pin<&mut F>,
) -> Result<Box<Core>, F::Output> {
    block_on::block_on(poll_fn(|context| {
        if let Some(core) = take_core(shared, context) {
            return Poll::Ready(Ok(core));
        }
        let output = future.as_mut().poll(context);
        if output.is_ready() {
            lock(&shared.wait_for_core).retain(|waker| !is_same(waker, context.waker()));
        }
        output.map(Err)
    }))
}

/// Takes the core. If another thread has it, stores the waker, which is woken when the core is free.
fn take_core(shared: &Shared, context: &Context<'_>) -> Option<Box<Core>> {
    let mut waiting = lock(&shared.wait_for_core);
    let core = lock(&shared.remotes[0].handoff).take();
    if core.is_none() && !waiting.iter().any(|waker| is_same(waker, context.waker())) {
        waiting.push(ForeignWaker::clone_of(context.waker()));
    }
    core
}

/// Returns whether both belong to the same `block_on`, whose token is their data. `will_wake` may return
/// false even then.
fn is_same(waker: &ForeignWaker, other: &Waker) -> bool {
    waker.data() == other.data()
}

fn work<F: Future>(
    shared: &Arc<Shared>,
    mut core: Box<Core>,
    mut future: Pin<&mut F>,
) -> F::Output {
    let waker = core.root_waker.take().unwrap_or_else(|| Root::waker(shared));
    let at_work = AtWork { worker: Worker::new(shared.clone(), 0, core), waker: Some(waker) };
    let worker = &at_work.worker;
    let waker = at_work.waker.as_ref().expect("until the drop").get();
    let mut context = Context::from_waker(waker);
    let ticks = shared.config.event_interval;
    shared.root_woken.store(true, Relaxed);
    worker.enter(|| {
        'root: loop {
            if shared.root_woken.swap(false, Acquire) {
                if let Poll::Ready(output) = coop::budget(|| future.as_mut().poll(&mut context)) {
                    return output;
                }
            }
            for _ in 0..ticks {
                match worker.step() {
                    Step::Ran { .. } => {}
                    Step::Slept => {
                        sleep(shared, worker);
                        continue 'root;
                    }
                    Step::PolledDriver => continue 'root,
                    Step::LostCore | Step::Shutdown => {
                        unreachable!("its core is here, and it has not ended")
                    }
                }
            }
            worker.poll_driver(Some(Duration::ZERO));
        }
    })
}

/// The thread that has the core. Leaves it to the next caller of `block_on`, even if the future panics.
struct AtWork {
    worker: Worker,
    /// Kept with the core, from call to call.
    waker: Option<ForeignWaker>,
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.worker.wake_deferred();
        let shared = &self.worker.shared;
        let mut core = self.worker.take_core();
        if let Some(core) = &mut core {
            core.root_waker = self.waker.take();
        }
        *lock(&shared.remotes[0].handoff) = core;
        // After that: a thread that has found no core holds this lock from its look to its push.
        let waiting = std::mem::take(&mut *lock(&shared.wait_for_core));
        wake_all(waiting.into_iter());
    }
}

/// Waits, because there is no task to run. A paused clock jumps to the next timer, unless a closure runs
/// that could wake a task.
fn sleep(shared: &Shared, worker: &Worker) {
    let nothing = || {
        let core = worker.core.borrow();
        let work = core.as_deref().is_some_and(Core::has_work) || shared.inject.len() > 0;
        !work && !shared.root_woken.load(Relaxed)
    };
    if !nothing() {
        return worker.poll_driver(Some(Duration::ZERO));
    }
    if shared.timers.clock().is_paused() {
        // Read this before polling the driver: a closure first wakes its waiter, and only then decrements
        // the count.
        let in_flight = shared.blocking_in_flight.load(Acquire);
        worker.poll_driver(Some(Duration::ZERO));
        if !nothing() {
            return;
        }
        if in_flight == 0 && shared.timers.auto_advance() {
            return worker.poll_driver(Some(Duration::ZERO));
        }
    }
    worker.poll_driver(None);
}

/// The waker of the future of `block_on`.
struct Root(Arc<Shared>);

impl Root {
    fn waker(shared: &Arc<Shared>) -> ForeignWaker {
        ForeignWaker::clone_of(&Waker::from(std::sync::Arc::new(Self(shared.clone()))))
    }
}

impl Wake for Root {
    fn wake(self: std::sync::Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &std::sync::Arc<Self>) {
        let shared = &self.0;
        // If this is the thread that polls the future, it looks before it sleeps.
        if !shared.root_woken.swap(true, Release) && !worker::is_here(shared) {
            shared.remotes[0].parker.unpark();
        }
    }
}

#[cfg(all(loom, test))]
#[expect(unsafe_code, reason = "a model watches a cell that an ordering protects")]
mod models;

#[cfg(all(test, not(loom)))]
mod tests;
