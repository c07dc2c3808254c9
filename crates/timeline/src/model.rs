//! The events of one run, as plain data. The collector writes it, every renderer reads it.
//!
//! A [`Timeline`] is a list of [`Lane`]s and a list of [`Event`]s. Three rules make it simple to draw:
//!
//! - A [`LaneId`] is an index into [`Timeline::lanes`].
//! - A *step* is an index into [`Timeline::events`]. Steps are the total order of a run; times never
//!   decrease from one step to the next, and on a paused clock many steps have the same time.
//! - Polls nest as calls do: between the `PollStart` and the `PollEnd` of a task stand the polls of the
//!   futures inside it, on the same worker. On other workers anything may happen in between.
//!
//! [`Timeline::segments`] and [`Timeline::wakes`] are the two things that a picture consists of: bars and arrows.
//! In JSON each [`Duration`] is a whole number of nanoseconds, and each event is one flat object:
//! `{"at":10000000,"lane":2,"worker":0,"what":"wake","by":{"lane":3},"inferred":false}`.

mod by_lane;
mod derived;
mod example;
#[cfg(feature = "files")]
mod nanos;

#[cfg(feature = "files")]
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

pub(crate) use by_lane::ByLane;
pub use derived::{Arrow, Segment, State};

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize))]
pub struct Timeline {
    /// In the order in which they appeared. The root, if there is one, need not be the first: a worker is a lane too.
    pub lanes: Vec<Lane>,
    /// In the order in which they happened.
    pub events: Vec<Event>,
    /// In the order of [`Finding::step`].
    pub findings: Vec<Finding>,
    /// The number of reports that came after the buffer was full. Their events are missing at the end of
    /// [`Timeline::events`].
    pub events_dropped: u64,
    /// When the recording ended, by Tokio's clock.
    #[cfg_attr(feature = "files", serde(with = "nanos"))]
    pub end: Duration,
    pub ending: Ending,
}

/// Why there are no more events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
pub enum Ending {
    /// The root future was ready.
    Finished,
    /// Nothing could happen any more, and the root future was still pending: a deadlock, or a lost wake-up.
    Stalled,
    /// The time to record was over, or the user pressed Ctrl+C.
    CutOff,
}

/// Names a lane. An index into [`Timeline::lanes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize), serde(transparent))]
pub struct LaneId(pub u32);

/// Something that lives for a while: a task, a future, a resource, a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize))]
pub struct Lane {
    pub id: LaneId,
    pub kind: Kind,
    /// Short, for the head of a lane: `main`, `task 2`, `fetch`, `Sleep 10 ms`, `Mutex`, `worker 1`. Not unique.
    pub name: String,
    /// Where it was spawned or made.
    pub location: Option<Location>,
    /// The lane that was being polled when this one appeared: the task that spawned it, the
    /// future that made the timer, the task that polls a named future. None for the root and for workers.
    pub parent: Option<LaneId>,
    /// The size of the future or closure as it was spawned.
    pub size_bytes: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
pub enum Kind {
    /// The future of `block_on`, or of `#[tokio::main]`.
    Root,
    /// Spawned with `tokio::spawn`, `spawn_local` or a `JoinSet`.
    Task,
    /// Part of a task or of the root, named by `timeline::named`: a branch of `join!` or `select!`.
    Future,
    /// A closure of `spawn_blocking`. Its one poll is its run.
    Closure,
    /// A task waits for it.
    Resource(Resource),
    /// A thread that polls. Its events are [`What::Parked`] and [`What::Unparked`]; what it polls says [`Event::worker`].
    Worker,
}

/// The resources that Tokio reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
pub enum Resource {
    Sleep,
    Interval,
    Mutex,
    RwLock,
    Semaphore,
    Barrier,
    Oneshot,
    /// The free places of a bounded `mpsc` channel. Tokio reports only its senders, and no source line.
    Mpsc,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize))]
pub struct Location {
    /// As the compiler has it: relative to the workspace, or absolute.
    pub file: String,
    pub line: u32,
}

/// `main.rs:12`
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.file.rsplit(['/', '\\']).next().unwrap_or_default();
        write!(f, "{name}:{}", self.line)
    }
}

/// One step: `what` happened to `lane`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize))]
pub struct Event {
    /// Since the first event, by Tokio's clock. Never less than that of the event before.
    #[cfg_attr(feature = "files", serde(with = "nanos"))]
    pub at: Duration,
    pub lane: LaneId,
    /// The thread on which it happened: a lane of [`Kind::Worker`].
    pub worker: LaneId,
    #[cfg_attr(feature = "files", serde(flatten))]
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    feature = "files",
    derive(Serialize, Deserialize),
    serde(tag = "what", rename_all = "snake_case")
)]
pub enum What {
    /// The first event of each lane.
    Created,
    PollStart,
    PollEnd {
        outcome: Outcome,
        /// Real time, also if Tokio's clock stands still.
        #[cfg_attr(feature = "files", serde(with = "nanos"))]
        busy: Duration,
    },
    /// Something called `wake` on a waker of this lane.
    Wake {
        by: By,
        /// Tokio did not report it: the collector concluded it from what happened before the next poll.
        inferred: bool,
    },
    /// Something keeps one waker of this lane more.
    WakerCloned,
    /// A waker of this lane is gone, and has not woken it.
    WakerDropped,
    /// This lane asked a resource. If `ready` is false, the lane waits for it from now on.
    ResourcePoll {
        on: LaneId,
        ready: bool,
    },
    /// `holder` has this lock, or permits of it, from now on.
    Acquired {
        holder: LaneId,
    },
    /// The lock, or permits, came back.
    Released {
        holder: Option<LaneId>,
    },
    /// The last event of a lane. If `finished` is false, its future was dropped before it was
    /// ready: it was cancelled. A timer is not if something waited for it and it was not over;
    /// other resources are always `finished`.
    Dropped {
        finished: bool,
    },
    /// This worker has nothing to do, and sleeps.
    Parked,
    Unparked,
}

/// How a poll ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
pub enum Outcome {
    Pending,
    Ready,
    Panicked,
}

/// From where a wake came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
pub enum By {
    /// This lane called `wake` in its poll, or ended, or is the timer or the branch through which the wake came.
    Lane(LaneId),
    /// Tokio itself, outside all lanes: a socket, a signal, or its turn after a `yield_now`.
    Runtime,
    /// A thread that Tokio does not run.
    Thread,
}

/// Something that deserves a look.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize))]
pub struct Finding {
    pub kind: FindingKind,
    pub lane: LaneId,
    /// Where it shows: an index into [`Timeline::events`].
    pub step: usize,
    /// One or two English sentences: what is wrong, and what to do.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "files", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
pub enum FindingKind {
    /// A poll took longer than the threshold.
    LongPoll,
    /// The lane woke itself in poll after poll.
    SelfWake,
    /// It returned `Pending`, and nothing kept a waker.
    NoWaker,
    /// The last waker was dropped without a wake, and the lane still waits.
    LostWaker,
    /// It was woken, or was to be woken, and nobody polled it again.
    NeverPolledAgain,
    /// A lock or permit belongs to a task or branch that nobody polls, and others wait for it: a futurelock.
    HeldByNobody,
}
