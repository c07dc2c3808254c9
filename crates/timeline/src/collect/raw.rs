//! The events as they are kept while the program runs. A later reading concludes the rest.

use crate::model::{Kind, Location};

/// One event, as small as it can be: 32 bytes, or 28 where pointers have 32 bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Raw {
    /// Nanoseconds since the first event.
    pub at: u64,
    /// An index into [`Recording::threads`].
    pub thread: u32,
    pub what: RawWhat,
}

/// Numbers name lanes: indices into [`Recording::lanes`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum RawWhat {
    Created(u32),
    /// A poll begins, or the drop of the future: Tokio enters the span of a task for both.
    Entered(u32),
    Exited {
        lane: u32,
        outcome: RawOutcome,
        /// Nanoseconds of real time.
        busy: u64,
    },
    /// A named future is about to be dropped.
    Dropping(u32),
    /// The last handle of the span is gone.
    Closed(u32),
    Waker {
        lane: u32,
        op: WakerOp,
    },
    Polled {
        resource: u32,
        ready: bool,
    },
    /// A timer was set.
    Armed {
        resource: u32,
        millis: u64,
    },
    Locked {
        resource: u32,
        locked: bool,
    },
    /// Permits were given to a future that waits in the queue. It was last polled by lane `to`.
    Granted {
        resource: u32,
        to: Option<u32>,
    },
    Released(u32),
    /// The lane that waits for this oneshot channel has been woken.
    Sent(u32),
    /// This thread slept since its event before.
    Unparked,
}

/// How a poll ended, as far as it is known at that moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum RawOutcome {
    /// Tokio does not say. If the future is dropped next, it was ready.
    Unknown,
    Pending,
    Ready,
    Panicked,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum WakerOp {
    Clone,
    Drop,
    /// By value: the waker is gone.
    Wake {
        from: From,
    },
    WakeByRef {
        from: From,
    },
}

impl WakerOp {
    pub(crate) fn is_wake(self) -> bool {
        matches!(self, WakerOp::Wake { .. } | WakerOp::WakeByRef { .. })
    }
}

/// On what kind of thread a wake happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum From {
    Tokio,
    Elsewhere,
}

/// The facts about a lane that do not change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Facts {
    pub kind: Kind,
    /// Empty if nobody has named it.
    pub name: String,
    pub location: Option<Location>,
    pub size_bytes: Option<u64>,
    /// Its wakers report, so that no wake has to be concluded.
    pub reports_wakes: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ThreadFacts {
    pub name: String,
    /// It went to sleep after its last event.
    pub is_parked: bool,
}

/// All that was kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Recording {
    pub events: Vec<Raw>,
    pub lanes: Vec<Facts>,
    pub threads: Vec<ThreadFacts>,
    pub events_dropped: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_takes_32_bytes() {
        assert_eq!(size_of::<Raw>(), if align_of::<u64>() == 8 { 32 } else { 28 });
    }
}
