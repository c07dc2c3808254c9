//! The flavor without threads: whoever calls `block_on` is the worker meanwhile.
//!
//! The future of `block_on` has its turn when it was woken: at once, then after at most 61 tasks, and
//! before the thread sleeps. Tasks run first in, first out. Between two calls of `block_on` nothing
//! runs.
//!
//! If a second thread calls `block_on`, it polls its own future only, until the first is done and
//! leaves it the core.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/current_thread/mod.rs`.

use crate::foreign::{ForeignWaker, wake_all};
use crate::runtime::block_on;
use crate::runtime::scheduler::core::Core;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::scheduler::step::Step;
use crate::runtime::scheduler::worker::{self, Worker};
use crate::runtime::task::coop;
use crate::sync::atomic::Ordering::{AcqRel, Acquire, Release};
use crate::sync::{Arc, lock};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// Runs the future, and the tasks meanwhile.
pub(crate) fn run<F: Future>(shared: &Arc<Shared>, future: F) -> F::Output {
    let mut future = pin!(future);
    let core_or_output = block_on::block_on(poll_fn(|context| {
        if let Some(core) = take_core(shared, context) {
            return Poll::Ready(Ok(core));
        }
        let output = future.as_mut().poll(context);
        if output.is_ready() {
            lock(&shared.wait_for_core).retain(|waker| !is_same(waker, context.waker()));
        }
        output.map(Err)
    }));
    core_or_output.map_or_else(|output| output, |core| work(shared, core, future))
}

/// The core, or to be woken when it is free.
fn take_core(shared: &Shared, context: &Context<'_>) -> Option<Box<Core>> {
    let mut waiting = lock(&shared.wait_for_core);
    let core = lock(&shared.remotes[0].handoff).take();
    if core.is_none() && !waiting.iter().any(|waker| is_same(waker, context.waker())) {
        waiting.push(ForeignWaker::clone_of(context.waker()));
    }
    core
}

/// Whether they are of the same `block_on`, whose token is the data. `will_wake` may deny even that.
fn is_same(waker: &ForeignWaker, other: &Waker) -> bool {
    waker.data() == other.data()
}

fn work<F: Future>(shared: &Arc<Shared>, core: Box<Core>, mut future: Pin<&mut F>) -> F::Output {
    /// Leaves the core to others, also when the future panics.
    struct GiveBack(Worker);
    impl Drop for GiveBack {
        fn drop(&mut self) {
            let shared = &self.0.shared;
            self.0.wake_deferred();
            let waiting = {
                let mut waiting = lock(&shared.wait_for_core);
                *lock(&shared.remotes[0].handoff) = self.0.take_core();
                std::mem::take(&mut *waiting)
            };
            wake_all(waiting.into_iter());
        }
    }
    let worker = GiveBack(Worker::new(shared.clone(), 0, core));
    let worker = &worker.0;

    let waker = Waker::from(std::sync::Arc::new(Root(shared.clone())));
    let mut context = Context::from_waker(&waker);
    let turns = shared.config.event_interval;
    shared.root_woken.store(true, Release);
    worker.enter(|| {
        'root: loop {
            if shared.root_woken.swap(false, AcqRel) {
                if let Poll::Ready(output) = coop::budget(|| future.as_mut().poll(&mut context)) {
                    return output;
                }
            }
            for _ in 0..turns {
                match worker.step() {
                    Step::Ran { .. } => {}
                    Step::Slept => {
                        sleep(shared, worker);
                        continue 'root;
                    }
                    Step::PolledDriver => continue 'root,
                    Step::LostCore | Step::Shutdown => unreachable!("it has one worker, not ended"),
                }
            }
            worker.poll_driver(Some(Duration::ZERO));
        }
    })
}

/// There is no task to run. With a paused clock, and nothing under way that could bring one, time
/// jumps to the next timer.
fn sleep(shared: &Shared, worker: &Worker) {
    let nothing = || {
        let core = worker.core.borrow();
        let work = core.as_deref().is_some_and(Core::has_work) || shared.inject.len() > 0;
        !work && !shared.root_woken.load(Acquire)
    };
    if !nothing() {
        return worker.poll_driver(Some(Duration::ZERO));
    }
    if shared.timers.clock().is_paused() {
        // Looked at first: a closure wakes whoever waits for it, and only then is no longer counted.
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

impl Wake for Root {
    fn wake(self: std::sync::Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &std::sync::Arc<Self>) {
        let shared = &self.0;
        // The thread that polls the future is awake: it looks before it sleeps.
        if !shared.root_woken.swap(true, AcqRel) && !worker::is_here(shared) {
            shared.remotes[0].parker.unpark();
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
