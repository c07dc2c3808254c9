//! The settings of a runtime, and its start.
//!
//! Tokio's counterpart: `tokio/src/runtime/builder.rs`. There sockets and timers are off until they
//! are enabled; here they are always on.

mod settings;
mod assemble;

use crate::runtime::local::LocalRuntime;
use crate::runtime::runtime::Runtime;
use crate::runtime::scheduler::config::Flavor;
use crate::runtime::scheduler::core::Core;
use crate::runtime::scheduler::shared::Shared;
use crate::runtime::scheduler::worker::Worker;
use crate::runtime::shutdown;
use crate::runtime::stepped::Stepped;
use crate::sync::{Arc, lock, thread};
use std::io;
use std::marker::PhantomData;
use std::time::Duration;

/// The settings of a runtime.
///
/// ```
/// use tiny_runtime::runtime::Builder;
///
/// let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("example").build()?;
/// let name = runtime.spawn(async { std::thread::current().name().map(String::from) });
/// assert_eq!(runtime.block_on(name)?.as_deref(), Some("example"));
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    flavor: Flavor,
    workers: Option<usize>,
    max_blocking_threads: usize,
    keep_alive: Duration,
    thread_name: String,
    stack_size: Option<usize>,
    event_interval: u32,
    global_queue_interval: Option<u32>,
    lifo_slot: bool,
    paused: bool,
}

/// The options of [`Builder::build_local`]. There are none so far.
///
/// ```
/// use tiny_runtime::runtime::{Builder, LocalOptions};
///
/// let runtime = Builder::new_current_thread().build_local(LocalOptions::default())?;
/// assert_eq!(runtime.block_on(async { 1 }), 1);
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct LocalOptions {
    /// Neither `Send` nor `Sync`, so that an option may be neither.
    _not_send: PhantomData<*const ()>,
}

impl Runtime {
    /// Starts a multi-thread runtime with a worker for each core.
    ///
    /// ```
    /// use tiny_runtime::runtime::Runtime;
    ///
    /// let runtime = Runtime::new()?;
    /// assert_eq!(runtime.block_on(async { 1 }), 1);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Builder::build`].
    pub fn new() -> io::Result<Self> {
        Builder::new_multi_thread().build()
    }
}

impl Builder {
    /// Starts the runtime.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build()?;
    /// assert_eq!(runtime.block_on(async { 1 }), 1);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the system has no file descriptor left for the driver, or no thread for a worker.
    ///
    /// # Panics
    ///
    /// If [`start_paused`](Self::start_paused) is set and the runtime is not of the current-thread flavor.
    pub fn build(&mut self) -> io::Result<Runtime> {
        match self.flavor {
            Flavor::CurrentThread => self.build_current_thread(None),
            Flavor::MultiThread => {
                let (shared, cores) = self.assemble(None)?;
                Self::start(shared, cores)
            }
        }
    }

    /// Starts a thread for each core.
    pub(crate) fn start(shared: Arc<Shared>, cores: Vec<Core>) -> io::Result<Runtime> {
        // From here on a drop ends the workers that have started.
        let runtime = Runtime::from_shared(shared.clone());
        let start = |(index, core)| {
            let worker = Worker::new(shared.clone(), index, core);
            let started = shared.pool.spawn_worker(|| worker.run_until_shutdown());
            started.inspect_err(|_| shutdown::leave(&shared))
        };
        // Tries all of them, even after one has failed: each one counts as active until it leaves.
        let started = cores.into_iter().enumerate().map(start).fold(Ok(()), Result::and);
        started.map(|()| runtime)
    }

    /// Starts a current-thread runtime on this thread, whose tasks need not be `Send`.
    ///
    /// ```
    /// use std::rc::Rc;
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().build_local(Default::default())?;
    /// let number = Rc::new(1);
    /// let task = runtime.spawn_local(async move { *number });
    /// assert_eq!(runtime.block_on(task)?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    ///
    /// # Panics
    ///
    /// If the builder is of the multi-thread flavor.
    #[track_caller]
    pub fn build_local(&mut self, _: LocalOptions) -> io::Result<LocalRuntime> {
        assert!(
            self.flavor == Flavor::CurrentThread,
            "multi_thread is not supported for LocalRuntime: take `Builder::new_current_thread`"
        );
        self.build_current_thread(Some(thread::current().id())).map(LocalRuntime::new)
    }

    /// Returns a runtime whose core waits for the first `block_on`.
    fn build_current_thread(&self, home: Option<thread::ThreadId>) -> io::Result<Runtime> {
        let (shared, cores) = self.assemble(home)?;
        *lock(&shared.remotes[0].handoff) = cores.into_iter().next().map(Box::new);
        Ok(Runtime::from_shared(shared))
    }

    /// Builds a multi-thread runtime without threads: you move each worker, one tick at a time.
    ///
    /// ```
    /// use tiny_runtime::runtime::{Builder, Step};
    ///
    /// let mut runtime = Builder::new_multi_thread().worker_threads(1).build_stepped()?;
    /// runtime.handle().spawn(async {});
    /// assert!(matches!(runtime.step(0), Step::Ran { .. }));
    /// assert_eq!(runtime.step(0), Step::Slept);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    ///
    /// # Panics
    ///
    /// As [`build`](Self::build).
    pub fn build_stepped(&mut self) -> io::Result<Stepped> {
        // A copy, so that the builder keeps its flavor.
        let builder = Self { flavor: Flavor::MultiThread, ..self.clone() };
        let (shared, cores) = builder.assemble(None)?;
        let worker = |(index, core)| Worker::new(shared.clone(), index, core);
        let workers = cores.into_iter().enumerate().map(worker).collect();
        Ok(Stepped::new(Runtime::from_shared(shared), workers))
    }
}
