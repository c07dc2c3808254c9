//! A task's life in one word: four states, two requests, and who still holds on to it.
//!
//! ```text
//!           wake                start              Ready or panic
//!   Idle ─────────▶ Scheduled ─────────▶ Running ─────────────────▶ Complete
//!    ▲                  ▲                  │  │
//!    │                  └── pause: Again ──┘  │
//!    └────────────── pause: Idle ─────────────┘
//! ```
//!
//! | bit | says | invariant |
//! |---|---|---|
//! | `RUNNING` | a thread polls it | whoever sets it owns the future until it clears it |
//! | `COMPLETE` | the output, or the error, is there | never cleared |
//! | `NOTIFIED` | it is to be polled (again) | while neither running nor complete: it is in exactly one queue, or on its way there |
//! | `JOIN_INTEREST` | the `JoinHandle` lives | once cleared with `COMPLETE` unset, the runner drops the output |
//! | `JOIN_WAKER` | the handle's waker is stored | set: the slot is the runner's, who takes the waker; unset: the handle's |
//! | `CANCELLED` | to be dropped, not polled, at its next turn | never cleared |
//!
//! The rest counts references: one is the scheduler's, from the start until the task is complete,
//! wherever the task waits; one is the `JoinHandle`'s; one each waker's.
//!
//! Each transition is one atomic operation, and tells its caller what to do next.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/state.rs`. There each queue entry has a reference of
//! its own, and so has the list of all tasks: a spawn starts with three references, here with two.

use crate::sync::UpdateIf;
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

const RUNNING: usize = 1;
const COMPLETE: usize = 1 << 1;
const NOTIFIED: usize = 1 << 2;
const JOIN_INTEREST: usize = 1 << 3;
const JOIN_WAKER: usize = 1 << 4;
const CANCELLED: usize = 1 << 5;
const REFERENCE: usize = 1 << 6;

/// Scheduled, with a `JoinHandle`, and held by it and by the scheduler.
const INITIAL: usize = (2 * REFERENCE) | JOIN_INTEREST | NOTIFIED;

/// More references than memory could hold: someone forgets wakers in a loop.
const TOO_MANY: usize = isize::MAX as usize;

#[derive(Debug)]
pub(crate) struct State(AtomicUsize);

/// What the thread that took the task from its queue has to do.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum Start {
    Poll,
    /// It was aborted: drop the future and complete with an error.
    Cancel,
}

/// What the thread whose poll returned `Pending` has to do.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum Pause {
    /// Forget the task: from now on it may be gone.
    Idle,
    /// It was woken while it ran: put it back into a queue.
    Again,
    /// It was aborted while it ran: it is Scheduled, and to be started at once.
    Cancel,
}

/// What the thread that woke the task has to do.
#[must_use]
#[derive(Debug, PartialEq)]
pub(crate) enum Wake {
    /// Put it into a queue.
    Submit,
    /// It is in a queue already, or its runner will put it there, or it is over.
    Nothing,
}

/// What the thread that has stored the output finds.
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

impl State {
    pub(crate) fn new() -> Self {
        Self(AtomicUsize::new(INITIAL))
    }

    /// Scheduled → Running. The caller has taken the task from its queue.
    #[inline]
    pub(crate) fn start(&self) -> Start {
        // NOTIFIED is set and RUNNING is not, so that one subtraction clears the one and sets the
        // other. Acquire: sees what the wakers, and the last runner, wrote.
        let before = self.0.fetch_sub(NOTIFIED - RUNNING, AcqRel);
        debug_assert_eq!(before & (NOTIFIED | RUNNING | COMPLETE), NOTIFIED);
        if before & CANCELLED == 0 { Start::Poll } else { Start::Cancel }
    }

    /// Running → Idle, or → Scheduled if it was woken meanwhile.
    #[inline]
    pub(crate) fn pause(&self) -> Pause {
        let before = self.0.fetch_sub(RUNNING, AcqRel);
        debug_assert_eq!(before & (RUNNING | COMPLETE), RUNNING);
        match before & (NOTIFIED | CANCELLED) {
            0 => Pause::Idle,
            NOTIFIED => Pause::Again,
            _ => Pause::Cancel,
        }
    }

    /// Running → Scheduled: it has yielded, which is a wake-up by itself.
    #[inline]
    pub(crate) fn pause_to_be_queued(&self) -> Pause {
        let schedule = |now| Some((now & !RUNNING) | NOTIFIED);
        match self.0.update_if(AcqRel, Acquire, schedule) {
            Ok(before) | Err(before) if before & CANCELLED != 0 => Pause::Cancel,
            _ => Pause::Again,
        }
    }

    /// Running → Complete. The output is stored.
    #[inline]
    pub(crate) fn complete(&self) -> Completed {
        let before = self.0.fetch_add(COMPLETE - RUNNING, AcqRel);
        debug_assert_eq!(before & (RUNNING | COMPLETE), RUNNING);
        Completed {
            joined: before & JOIN_INTEREST != 0,
            join_waker: before & JOIN_WAKER != 0,
            is_last_reference: before / REFERENCE == 1 && before & JOIN_INTEREST == 0,
        }
    }

    /// Idle → Scheduled, by the caller. Running: its runner will see it.
    ///
    /// Also a wake-up that changes nothing is a write: it publishes what the waker's thread did
    /// before, to the poll that is still to come.
    #[inline]
    pub(crate) fn wake(&self) -> Wake {
        let before = self.0.fetch_or(NOTIFIED, AcqRel);
        if before & (RUNNING | NOTIFIED | COMPLETE) == 0 { Wake::Submit } else { Wake::Nothing }
    }

    /// As [`wake`](Self::wake), and the next turn drops the future.
    pub(crate) fn abort(&self) -> Wake {
        let before = self.0.fetch_or(NOTIFIED | CANCELLED, AcqRel);
        if before & (RUNNING | NOTIFIED | COMPLETE) == 0 { Wake::Submit } else { Wake::Nothing }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.0.load(Acquire) & COMPLETE != 0
    }

    pub(crate) fn is_notified(&self) -> bool {
        self.0.load(Relaxed) & NOTIFIED != 0
    }

    pub(crate) fn has_join_waker(&self) -> bool {
        self.0.load(Acquire) & JOIN_WAKER != 0
    }

    /// Hands the stored waker to the runner. False if the task was complete before: then the
    /// handle keeps it, and nobody will call it.
    #[must_use]
    pub(crate) fn publish_join_waker(&self) -> bool {
        self.0
            .update_if(AcqRel, Acquire, |now| (now & COMPLETE == 0).then_some(now | JOIN_WAKER))
            .is_ok()
    }

    /// Takes the stored waker back, to write another. False if the task was complete before.
    #[must_use]
    pub(crate) fn reclaim_join_waker(&self) -> bool {
        self.0
            .update_if(AcqRel, Acquire, |now| (now & COMPLETE == 0).then_some(now & !JOIN_WAKER))
            .is_ok()
    }

    /// The handle goes before anything has happened: a detached spawn, in one operation.
    #[must_use]
    pub(crate) fn drop_join_handle_fast(&self) -> bool {
        let detached = (INITIAL - REFERENCE) & !JOIN_INTEREST;
        self.0.compare_exchange(INITIAL, detached, Release, Relaxed).is_ok()
    }

    /// The handle goes. True if the task was complete: then its output is the handle's to drop.
    /// If not, the stored waker, if any, is.
    #[must_use]
    pub(crate) fn drop_join_interest(&self) -> bool {
        let drop_interest = |now: usize| {
            Some(if now & COMPLETE == 0 {
                now & !(JOIN_INTEREST | JOIN_WAKER)
            } else {
                now & !JOIN_INTEREST
            })
        };
        match self.0.update_if(AcqRel, Acquire, drop_interest) {
            Ok(before) | Err(before) => before & COMPLETE != 0,
        }
    }

    /// One more waker.
    #[inline]
    pub(crate) fn retain(&self) {
        // Relaxed, as in `Arc`: whoever clones has a reference that keeps the task alive.
        if self.0.fetch_add(REFERENCE, Relaxed) > TOO_MANY {
            // A count that wraps frees memory that is in use.
            std::process::abort();
        }
    }

    /// One reference less. True if it was the last: free the task.
    #[inline]
    #[must_use]
    pub(crate) fn release(&self) -> bool {
        // Release what this holder did; the last one acquires what all the others did.
        self.0.fetch_sub(REFERENCE, AcqRel) / REFERENCE == 1
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
