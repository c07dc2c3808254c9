//! What a worker does in one turn.

/// What a worker did in one turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It polled a task.
    Ran {
        /// Where it found the task.
        from: Source,
        /// How many more tasks it polled in the same tick, from the LIFO slot.
        lifo_polls: u32,
    },
    /// It had nothing to run. Sockets and timers had their turn, and the tasks that had yielded are
    /// queued again.
    PolledDriver,
    /// It had nothing to do, and counts as asleep. It sleeps until it is woken.
    Slept,
    /// The task it polled blocks in place: another thread has the worker's queues now.
    LostCore,
    /// The runtime ends.
    Shutdown,
}

/// Where a task was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The worker's own slot, for what was woken last.
    LifoSlot,
    /// The worker's own queue.
    Local,
    /// The global queue, which gave so many tasks; the others are in the local queue now.
    Global(usize),
    /// That worker, which lost so many tasks; the others are in the local queue now.
    Stolen(usize, u32),
}
