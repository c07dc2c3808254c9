//! A multi-thread runtime without threads: a worker makes a tick when you tell it to.
//!
//! It has the same workers and the same queues. You choose the order in which the workers make their
//! ticks, and get back what each of them did. So a test of a rule of scheduling is an equality on a list,
//! without threads and without sleeping.
//!
//! Tokio has no such thing.

use crate::runtime::context;
use crate::runtime::handle::Handle;
use crate::runtime::runtime::Runtime;
use crate::runtime::scheduler::step::Step;
use crate::runtime::scheduler::worker::Worker;
use crate::runtime::shutdown;
use std::time::Duration;

/// A multi-thread runtime whose workers you move, made by
/// [`Builder::build_stepped`](crate::runtime::Builder::build_stepped).
///
/// ```
/// use tiny_runtime::runtime::{Builder, Source, Step};
///
/// let mut runtime = Builder::new_multi_thread().worker_threads(1).build_stepped()?;
/// let task = runtime.handle().spawn(async {});
/// assert!(!task.is_finished());
/// assert_eq!(runtime.step(0), Step::Ran { from: Source::Global(1), lifo_polls: 0 });
/// assert!(task.is_finished());
/// # std::io::Result::Ok(())
/// ```
pub struct Stepped {
    /// Each with whether it counts as asleep.
    workers: Vec<(Worker, bool)>,
    runtime: Runtime,
}

impl Stepped {
    pub(crate) fn new(runtime: Runtime, workers: Vec<Worker>) -> Self {
        let workers = workers.into_iter().map(|worker| (worker, false)).collect();
        Self { workers, runtime }
    }

    /// Returns a handle. Its tasks go into the global queue, as from any thread outside.
    ///
    /// ```
    /// use tiny_runtime::runtime::{Builder, Source, Step};
    ///
    /// let mut runtime = Builder::new_multi_thread().worker_threads(1).build_stepped()?;
    /// runtime.handle().spawn(async {});
    /// assert_eq!(runtime.step(0), Step::Ran { from: Source::Global(1), lifo_polls: 0 });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn handle(&self) -> &Handle {
        self.runtime.handle()
    }

    /// Makes one tick of a worker, and returns what it did. A worker that sleeps, and was not woken, polls
    /// the driver without waiting, and sleeps on if no event comes.
    ///
    /// ```
    /// use tiny_runtime::runtime::{Builder, Step};
    ///
    /// let mut runtime = Builder::new_multi_thread().worker_threads(2).build_stepped()?;
    /// assert_eq!(runtime.step(1), Step::Slept);
    /// runtime.handle().spawn(async {}); // wakes it
    /// assert!(matches!(runtime.step(1), Step::Ran { .. }));
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    pub fn step(&mut self, worker: usize) -> Step {
        let (worker, asleep) = &mut self.workers[worker];
        context::enter_runtime(&self.runtime.handle.0, || {
            worker.enter(|| {
                if *asleep && !worker.wake_up(Some(Duration::ZERO)) {
                    return Step::Slept;
                }
                let step = worker.step();
                *asleep = step == Step::Slept;
                step
            })
        })
    }

    /// Makes ticks of a worker until it sleeps, and returns what it did in each.
    ///
    /// ```
    /// use tiny_runtime::runtime::{Builder, Source, Step};
    ///
    /// let mut runtime = Builder::new_multi_thread().worker_threads(1).build_stepped()?;
    /// runtime.handle().spawn(async {});
    /// runtime.handle().spawn(async {});
    /// let ran = |from| Step::Ran { from, lifo_polls: 0 };
    /// let steps = [ran(Source::Global(2)), ran(Source::Local)]; // it took both at once
    /// assert_eq!(runtime.run_until_asleep(0), steps);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    pub fn run_until_asleep(&mut self, worker: usize) -> Vec<Step> {
        let steps = std::iter::from_fn(|| Some(self.step(worker)));
        steps.take_while(|step| *step != Step::Slept).collect()
    }
}

impl Drop for Stepped {
    fn drop(&mut self) {
        let shared = &self.runtime.handle.0;
        shared.close();
        for (worker, _) in &self.workers {
            worker.wake_deferred();
            shutdown::leave_with(shared, worker.take_core());
        }
    }
}
