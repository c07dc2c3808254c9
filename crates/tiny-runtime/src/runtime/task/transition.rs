//! The next step of a thread that has just changed the state of a task.
//!
//! Each transition of `state.rs` returns one of these, so that no caller can forget its part.

/// The next step of the thread that took the task from its queue.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum Start {
    Poll,
    /// It was aborted: drop the future and complete with an error.
    Cancel,
}

/// The next step of the thread whose poll returned `Pending`.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum Pause {
    /// Forget the task: from now on it may be gone.
    Idle,
    /// It was woken while it ran: put it back into a queue.
    Again,
    /// It was aborted while it ran. It is Scheduled: `start` it again at once, which answers `Cancel`.
    Cancel,
}

/// The next step of the thread that woke the task.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum Wake {
    /// Put it into a queue.
    Submit,
    /// It is in a queue already, or the thread that runs it will queue it, or it is over.
    Nothing,
}

/// The next step of the thread that woke the task and gave a reference back.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum WakeAndRelease {
    /// Put the task into a queue. It is not over, so the scheduler's reference is left.
    Submit,
    /// As [`Wake::Nothing`].
    Nothing,
    /// The task is over, and the reference was the last: free it.
    Free,
}

/// The state that the thread which has stored the output finds.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) struct Completed {
    /// The `JoinHandle` lives, and takes the output. If not: drop the output.
    pub(crate) joined: bool,
    /// A waker is stored: wake it.
    pub(crate) join_waker: bool,
    /// The scheduler's reference is the last: free the task at once.
    pub(crate) is_last_reference: bool,
}
