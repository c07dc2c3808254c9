//! The blocking pool: threads beside the workers, for code that blocks.
//!
//! Each closure gets a thread, up to a limit. Beyond it closures wait in a queue without a bound. A thread
//! without work for ten seconds ends. A closure that runs cannot be stopped. A closure that waits can be
//! aborted; its handle reports that when a thread comes to it. The end of the runtime does not abort it.
//!
//! The workers' own threads come from here as well, and do not count against the limit.
//!
//! Tokio's counterpart: `tokio/src/runtime/blocking/pool.rs`.

mod thread;

use crate::runtime::task::Notified;
use crate::sync::{Arc, Condvar, Mutex, lock};
use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

/// The surroundings of a closure on its thread. They are dropped after the closure.
pub(crate) trait Host: Send + 'static {
    /// Sets up the surroundings until the returned guard is dropped.
    fn enter(&self) -> impl Sized;
}

pub(crate) struct Pool<H>(Arc<Inner<H>>);

struct Inner<H> {
    state: Mutex<State<H>>,
    /// Notified when a job is there, or the pool closes.
    wake: Condvar,
    /// Notified when a thread has ended and the pool is closed.
    thread_exited: Condvar,
    /// The limit of threads, without the workers.
    limit: usize,
    keep_alive: Duration,
    thread_name: String,
    stack_size: Option<usize>,
}

struct State<H> {
    queue: VecDeque<Job<H>>,
    threads: usize,
    /// Threads that run a worker, which ends with the runtime.
    workers: usize,
    /// Idle threads that no job has claimed yet. `push` claims one by decrementing this, so that two jobs
    /// never rely on the same thread.
    idle: usize,
    /// Claims that no thread has taken yet. A thread that wakes up without a claim was woken spuriously.
    notified: usize,
    closed: bool,
}

enum Job<H> {
    /// The count in the second field ends after the handle was woken, so that no clock jumps in between.
    Closure(Notified, Option<H>),
    Worker(Box<dyn FnOnce() + Send>),
}

impl<H: Host> Pool<H> {
    pub(crate) fn new(
        limit: usize,
        keep_alive: Duration,
        thread_name: String,
        stack_size: Option<usize>,
    ) -> Self {
        let state = Mutex::new(State {
            queue: VecDeque::new(),
            threads: 0,
            workers: 0,
            idle: 0,
            notified: 0,
            closed: false,
        });
        let (wake, thread_exited) = Default::default();
        Self(Arc::new(Inner {
            state,
            wake,
            thread_exited,
            limit,
            keep_alive,
            thread_name,
            stack_size,
        }))
    }

    /// Runs a closure's task on a thread of the pool.
    ///
    /// # Errors
    ///
    /// Returns the task, to be cancelled, if there is no thread and the system has none to give.
    pub(crate) fn run(&self, task: Notified, in_flight: Option<H>) -> Result<(), Notified> {
        match self.push(Job::Closure(task, in_flight)) {
            Err((Job::Closure(task, _in_flight), _)) => Err(task),
            _ => Ok(()),
        }
    }

    /// Runs a worker on a thread of the pool.
    ///
    /// # Errors
    ///
    /// If the system has no thread to give.
    pub(crate) fn spawn_worker(&self, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        self.push(Job::Worker(Box::new(work))).map_err(|(_, error)| error)
    }

    fn push(&self, job: Job<H>) -> Result<(), (Job<H>, io::Error)> {
        let mut state = lock(&self.0.state);
        if state.closed {
            return Err((job, io::Error::other("the runtime has ended")));
        }
        let is_closure = matches!(job, Job::Closure(..));
        let claims = state.idle > 0;
        if claims {
            state.idle -= 1;
            state.notified += 1;
        } else if !is_closure || state.threads - state.workers < self.0.limit {
            match Inner::start_thread(&self.0) {
                Ok(()) => state.threads += 1,
                // A thread that exists will come to it.
                Err(_) if is_closure && state.threads > state.workers => {}
                Err(error) => return Err((job, error)),
            }
        }
        if is_closure {
            state.queue.push_back(job);
        } else {
            state.workers += 1;
            state.queue.push_front(job);
        }
        drop(state);
        if claims {
            // With the lock free, which the thread that wakes up takes first.
            self.0.wake.notify_one();
        }
        Ok(())
    }

    pub(crate) fn threads(&self) -> usize {
        let state = lock(&self.0.state);
        state.threads - state.workers
    }

    pub(crate) fn queued(&self) -> usize {
        lock(&self.0.state).queue.len()
    }

    /// Refuses all later jobs. The threads do the jobs in the queue, and then end.
    pub(crate) fn close(&self) {
        lock(&self.0.state).closed = true;
        self.0.wake.notify_all();
    }

    /// Returns whether the calling thread is one of the pool.
    pub(crate) fn is_here(&self) -> bool {
        thread::is_of(&self.0)
    }

    /// Waits until all threads have ended, after [`Self::close`], or until `deadline`, if there is one.
    pub(crate) fn wait(&self, deadline: Option<Instant>) {
        let mut state = lock(&self.0.state);
        while state.threads > 0 {
            let exit = &self.0.thread_exited;
            state = match deadline.map(|end| end.saturating_duration_since(Instant::now())) {
                None => exit.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner()),
                Some(Duration::ZERO) => return,
                Some(left) => exit.wait_timeout(state, left).unwrap_or_else(|p| p.into_inner()).0,
            };
        }
    }
}

#[cfg(all(loom, test))]
mod models;
