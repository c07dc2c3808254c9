//! The report of one tick.

/// The report of one tick: the worker's action.
///
/// ```
/// use tiny_runtime::runtime::{Builder, Source, Step};
///
/// let mut runtime = Builder::new_multi_thread().worker_threads(1).build_stepped()?;
/// runtime.handle().spawn(async { tiny_runtime::spawn(async {}); });
/// // The task that it spawned ran in the same tick, from the LIFO slot.
/// assert_eq!(runtime.step(0), Step::Ran { from: Source::Global(1), lifo_polls: 1 });
/// assert_eq!(runtime.step(0), Step::Slept);
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It polled a task.
    Ran {
        /// Where it found the task.
        from: Source,
        /// How many more tasks it polled in the same tick, from the LIFO slot.
        lifo_polls: u32,
    },
    /// It had nothing to run. It polled the driver, and the tasks that had yielded are queued again.
    PolledDriver,
    /// It had nothing to do, and counts as asleep until it is woken.
    Slept,
    /// The task it polled blocks in place: another thread has the worker's queues now.
    LostCore,
    /// The runtime has been shut down.
    Shutdown,
}

/// Where a task was found.
///
/// ```
/// use tiny_runtime::runtime::{Builder, Source, Step};
///
/// let mut runtime = Builder::new_multi_thread().worker_threads(2).build_stepped()?;
/// runtime.handle().spawn(async { for _ in 0..3 { tiny_runtime::spawn(async {}); } });
/// runtime.step(0);
/// // Worker 1 takes half of the two tasks in the queue of worker 0.
/// assert_eq!(runtime.step(1), Step::Ran { from: Source::Stolen(0, 1), lifo_polls: 0 });
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The worker's LIFO slot, which holds the task that was woken last.
    LifoSlot,
    /// The worker's own queue.
    Local,
    /// The global queue, and how many tasks it gave. All but the first are in the local queue now.
    Global(usize),
    /// Another worker, by its index, and how many tasks were stolen. All but the one that ran are in
    /// the local queue now.
    Stolen(usize, u32),
}
