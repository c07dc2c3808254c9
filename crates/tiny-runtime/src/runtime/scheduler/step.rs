//! What a worker did in one tick.

/// What a worker did in one tick.
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
