//! The blocking pool: threads beside the workers, for code that blocks.
//!
//! As many as there are closures at once, up to a limit; beyond it they queue, without end. A thread
//! without work for ten seconds ends. A closure that runs cannot be stopped. One that waits can be
//! aborted, and its handle hears of it when a thread comes to it; the runtime's end does not abort it.
//!
//! The workers' own threads come from here as well, and are not counted in the limit.
//!
//! Tokio's counterpart: `tokio/src/runtime/blocking/pool.rs`.

use crate::foreign::must_not_unwind;
use crate::runtime::task::Notified;
use crate::sync::{Arc, Condvar, Mutex, lock, thread, thread_local};
use std::cell::Cell;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use std::{io, ptr};

/// What surrounds a closure on its thread: dropped after it.
pub(crate) trait Host: Send + 'static {
    /// Until what is returned is dropped.
    fn enter(&self) -> impl Sized;
}

pub(crate) struct Pool<H>(Arc<Inner<H>>);

struct Inner<H> {
    state: Mutex<State<H>>,
    /// A job is there, or the pool closes.
    wake: Condvar,
    /// A thread has ended, and the pool is closed.
    thread_exited: Condvar,
    /// Without the workers.
    limit: usize,
    keep_alive: Duration,
    thread_name: String,
    stack_size: Option<usize>,
}

struct State<H> {
    queue: VecDeque<Job<H>>,
    threads: usize,
    /// Threads that run a worker. What they do does not end before the runtime.
    workers: usize,
    /// Threads that wait. Whoever brings a job takes one off, so that two jobs do not count on it.
    idle: usize,
    /// Jobs whose bringer has taken an idle thread off: tells a wake-up from a spurious one.
    notified: usize,
    closed: bool,
}

enum Job<H> {
    /// What is under way ends after its handle was woken, so that no clock jumps in between.
    Closure(Notified, Option<H>),
    Worker(Box<dyn FnOnce() + Send>),
}

// The pool that this thread belongs to.
thread_local! {
    static HERE: Cell<*const ()> = const { Cell::new(ptr::null()) };
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
    /// Gives it back, to be cancelled, if there is no thread, nor can be one.
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
    /// When the system has no thread to give.
    pub(crate) fn spawn_worker(&self, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        self.push(Job::Worker(Box::new(work))).map_err(|(_, error)| error)
    }

    fn push(&self, job: Job<H>) -> Result<(), (Job<H>, io::Error)> {
        let mut state = lock(&self.0.state);
        if state.closed {
            return Err((job, io::Error::other("the runtime has ended")));
        }
        let is_closure = matches!(job, Job::Closure(..));
        if state.idle > 0 {
            state.idle -= 1;
            state.notified += 1;
            self.0.wake.notify_one();
        } else if !is_closure || state.threads - state.workers < self.0.limit {
            match Inner::start_thread(&self.0) {
                Ok(()) => state.threads += 1,
                // The threads there are will come to it.
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
        Ok(())
    }

    pub(crate) fn threads(&self) -> usize {
        let state = lock(&self.0.state);
        state.threads - state.workers
    }

    pub(crate) fn queued(&self) -> usize {
        lock(&self.0.state).queue.len()
    }

    /// Takes no more jobs. Those that are in the queue are done, and then the threads end.
    pub(crate) fn close(&self) {
        lock(&self.0.state).closed = true;
        self.0.wake.notify_all();
    }

    /// Whether this is one of its threads.
    pub(crate) fn is_here(&self) -> bool {
        HERE.get() == Arc::as_ptr(&self.0).cast()
    }

    /// After [`Self::close`]: waits until all threads have ended, or that point in time. `None` is none.
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

impl<H: Host> Inner<H> {
    fn start_thread(inner: &Arc<Self>) -> io::Result<()> {
        let mut builder = thread::Builder::new().name(inner.thread_name.clone());
        if let Some(stack_size) = inner.stack_size {
            builder = builder.stack_size(stack_size);
        }
        let inner = inner.clone();
        let work = move || {
            HERE.set(Arc::as_ptr(&inner).cast());
            must_not_unwind(|| inner.work());
        };
        builder.spawn(work).map(drop)
    }

    /// The life of a thread.
    fn work(&self) {
        let mut state = lock(&self.state);
        'life: loop {
            while let Some(job) = state.queue.pop_front() {
                drop(state);
                let was_worker = matches!(job, Job::Worker(_));
                match job {
                    Job::Worker(work) => work(),
                    Job::Closure(task, in_flight) => {
                        let _current = in_flight.as_ref().map(H::enter);
                        task.run();
                    }
                }
                state = lock(&self.state);
                state.workers -= usize::from(was_worker);
                // It was a worker until now, and there are enough without it.
                if state.threads - state.workers > self.limit {
                    break 'life;
                }
            }
            if state.closed {
                break;
            }
            state.idle += 1;
            let (woken, called) = self.wait(state);
            state = woken;
            if !called {
                state.idle -= 1;
                if !state.closed {
                    break; // nothing came for as long as it is kept
                }
            }
        }
        state.threads -= 1;
        if state.closed {
            self.thread_exited.notify_all();
        }
    }

    /// Waits for a call, the end of the pool, or the end of the thread's time. True if it was a call.
    fn wait<'a>(
        &'a self,
        mut state: crate::sync::MutexGuard<'a, State<H>>,
    ) -> (crate::sync::MutexGuard<'a, State<H>>, bool) {
        let begun = Instant::now();
        loop {
            let left = self.keep_alive.saturating_sub(begun.elapsed());
            let waited = self.wake.wait_timeout(state, left);
            state = waited.unwrap_or_else(|poisoned| poisoned.into_inner()).0;
            if state.notified > 0 {
                state.notified -= 1;
                return (state, true);
            }
            if state.closed || begun.elapsed() >= self.keep_alive {
                return (state, false);
            }
        }
    }
}

#[cfg(all(loom, test))]
mod models;
