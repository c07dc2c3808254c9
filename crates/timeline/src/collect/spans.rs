//! The meaning of Tokio's spans.

use super::threads::Sleeper;
use std::time::Instant;

/// The meaning of a span. The number of a lane is an index into [`Recording::lanes`].
#[derive(Debug, Clone, Copy)]
pub(super) enum Span {
    /// A task, a closure, the future of `block_on` or a named future.
    Lane(u32),
    /// The future that `draw` gives to `block_on`. Its polls are those of `block_on`, and its waker reports.
    Root(u32),
    Resource {
        owner: Owner,
        /// Inside another one, such as the semaphore in a mutex.
        is_part: bool,
    },
    Op {
        owner: Owner,
        permits: Permits,
    },
    /// The polls of the operation with this id.
    OpPoll {
        op: u64,
    },
}

/// The resource to which something belongs, if it has a lane.
pub(super) type Owner = Option<u32>;

/// Of one `acquire`, or of one `lock`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Permits {
    pub requested: u64,
    pub obtained: u64,
    /// The lane that polled it last.
    pub polled_by: Option<u32>,
}

/// A span that a thread is in.
#[derive(Debug)]
pub(super) struct Frame {
    pub id: u64,
    pub span: Span,
    pub entered: Instant,
    /// By the real clock, if Tokio's stands still.
    pub really_entered: Option<Instant>,
    /// Of a named future: what its poll returned. Of a resource: the last that it reported.
    pub is_ready: Option<bool>,
}

#[derive(Debug, Default)]
pub(super) struct Thread {
    pub frames: Vec<Frame>,
    pub sleeper: Option<Sleeper>,
}

impl Thread {
    /// Tells whether this thread has slept since it was last asked. Between two polls it may have.
    pub(super) fn has_slept(&mut self) -> bool {
        let is_idle = !self.frames.iter().any(|frame| matches!(frame.span, Span::Lane(_)));
        is_idle && Sleeper::has_slept(&mut self.sleeper)
    }
}
