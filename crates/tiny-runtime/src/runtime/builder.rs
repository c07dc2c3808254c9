//! A runtime's settings, and its start.
//!
//! Tokio's counterpart: `tokio/src/runtime/builder.rs`. There sockets and timers are off until they
//! are enabled; here they are always on.

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

/// A runtime's settings.
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

/// What [`Builder::build_local`] wants to know besides: nothing so far.
#[derive(Clone, Debug, Default)]
pub struct LocalOptions {
    /// Neither `Send` nor `Sync`, so that an option may be neither.
    _not_send: PhantomData<*const ()>,
}

impl Runtime {
    /// The multi-thread flavor, with a worker a core.
    ///
    /// # Errors
    ///
    /// As [`Builder::build`].
    pub fn new() -> io::Result<Self> {
        Builder::new_multi_thread().build()
    }
}

impl Builder {
    /// Workers with threads of their own, as many as the machine has cores.
    pub fn new_multi_thread() -> Self {
        Self {
            flavor: Flavor::MultiThread,
            workers: None,
            max_blocking_threads: 512,
            keep_alive: Duration::from_secs(10),
            thread_name: "tiny-runtime".into(),
            stack_size: None,
            event_interval: 61,
            global_queue_interval: None,
            lifo_slot: true,
            paused: false,
        }
    }

    /// No threads: tasks run while a thread is in [`Runtime::block_on`].
    pub fn new_current_thread() -> Self {
        let lifo_slot = false;
        Self { flavor: Flavor::CurrentThread, lifo_slot, ..Self::new_multi_thread() }
    }

    /// How many workers. The current-thread flavor has one in any case.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[track_caller]
    pub fn worker_threads(&mut self, workers: usize) -> &mut Self {
        assert!(workers > 0, "Worker threads cannot be set to 0");
        self.workers = Some(workers);
        self
    }

    /// How many threads beside the workers run blocking closures, at most. 512 if not set.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[track_caller]
    pub fn max_blocking_threads(&mut self, threads: usize) -> &mut Self {
        assert!(threads > 0, "Max blocking threads cannot be set to 0");
        self.max_blocking_threads = threads;
        self
    }

    /// How long such a thread waits for its next closure before it ends. Ten seconds if not set.
    pub fn thread_keep_alive(&mut self, keep_alive: Duration) -> &mut Self {
        self.keep_alive = keep_alive;
        self
    }

    /// The name of the runtime's threads.
    pub fn thread_name(&mut self, name: impl Into<String>) -> &mut Self {
        self.thread_name = name.into();
        self
    }

    /// The size of their stacks, in bytes. std's two mebibytes if not set.
    pub fn thread_stack_size(&mut self, bytes: usize) -> &mut Self {
        self.stack_size = Some(bytes);
        self
    }

    /// Turns of a worker between two looks at sockets and timers. 61 if not set.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[track_caller]
    pub fn event_interval(&mut self, turns: u32) -> &mut Self {
        assert!(turns > 0, "event_interval must be greater than 0");
        self.event_interval = turns;
        self
    }

    /// Turns of a worker between two looks into the global queue. If not set, a worker measures what
    /// fits into 200 µs; the current-thread flavor has 31.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[track_caller]
    pub fn global_queue_interval(&mut self, turns: u32) -> &mut Self {
        assert!(turns > 0, "global_queue_interval must be greater than 0");
        self.global_queue_interval = Some(turns);
        self
    }

    /// A woken task goes to the back of the worker's queue, as all the others.
    pub fn disable_lifo_slot(&mut self) -> &mut Self {
        self.lifo_slot = false;
        self
    }

    /// The clock stands at the start, and jumps to the next timer whenever nothing else is to be done.
    /// For the current-thread flavor.
    pub fn start_paused(&mut self, paused: bool) -> &mut Self {
        self.paused = paused;
        self
    }

    /// Does nothing: sockets and timers are always on. For programs that were written for Tokio.
    pub fn enable_all(&mut self) -> &mut Self {
        self
    }

    /// As [`enable_all`](Self::enable_all).
    pub fn enable_io(&mut self) -> &mut Self {
        self
    }

    /// As [`enable_all`](Self::enable_all).
    pub fn enable_time(&mut self) -> &mut Self {
        self
    }

    /// Starts the runtime.
    ///
    /// # Errors
    ///
    /// If the system has no file descriptor for the driver, or no thread for a worker.
    ///
    /// # Panics
    ///
    /// If the clock is to stand in a multi-thread runtime.
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
        // From here on a drop ends the workers that there are.
        let runtime = Runtime::from_shared(shared.clone());
        let start = |(index, core)| {
            let worker = Worker::new(shared.clone(), index, core);
            let started = shared.pool.spawn_worker(|| worker.run_until_shutdown());
            started.inspect_err(|_| shutdown::leave(&shared))
        };
        // Each of them, also after one that fails.
        let started = cores.into_iter().enumerate().map(start).fold(Ok(()), Result::and);
        started.map(|()| runtime)
    }

    /// Starts a current-thread runtime whose tasks need not be `Send`, on this thread.
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

    /// A runtime whose core waits for the first `block_on`.
    fn build_current_thread(&self, home: Option<thread::ThreadId>) -> io::Result<Runtime> {
        let (shared, cores) = self.assemble(home)?;
        *lock(&shared.remotes[0].handoff) = cores.into_iter().next().map(Box::new);
        Ok(Runtime::from_shared(shared))
    }

    /// A multi-thread runtime without threads: its workers do what they are told, a turn at a time.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    pub fn build_stepped(&mut self) -> io::Result<Stepped> {
        // The builder stays as it is.
        let builder = Self { flavor: Flavor::MultiThread, ..self.clone() };
        let (shared, cores) = builder.assemble(None)?;
        let worker = |(index, core)| Worker::new(shared.clone(), index, core);
        let workers = cores.into_iter().enumerate().map(worker).collect();
        Ok(Stepped::new(Runtime::from_shared(shared), workers))
    }
}
