//! A multi-thread runtime without threads: each worker makes a turn when it is told to.
//!
//! The same workers and the same queues; only the order in which the workers have their turns is the
//! caller's, and what each did is returned. So what the document says of scheduling is an equality
//! on a list, without threads and without sleeping.
//!
//! Tokio has no such thing.

use crate::runtime::context;
use crate::runtime::handle::Handle;
use crate::runtime::runtime::Runtime;
use crate::runtime::scheduler::step::Step;
use crate::runtime::scheduler::worker::Worker;
use crate::runtime::shutdown;
use std::time::Duration;

/// See [`Builder::build_stepped`](crate::runtime::Builder::build_stepped).
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
    workers: Vec<(Worker, bool)>,
    runtime: Runtime,
}

impl Stepped {
    pub(crate) fn new(runtime: Runtime, workers: Vec<Worker>) -> Self {
        let workers = workers.into_iter().map(|worker| (worker, false)).collect();
        Self { workers, runtime }
    }

    /// To spawn from outside: into the global queue.
    pub fn handle(&self) -> &Handle {
        self.runtime.handle()
    }

    /// One turn of a worker. One that sleeps, and was not woken, has a look at sockets and timers,
    /// and sleeps on if they bring nothing.
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

    /// Turns of a worker until it sleeps, and what it did until then.
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
