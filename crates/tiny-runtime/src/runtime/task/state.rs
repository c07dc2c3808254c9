//! A task's life in one word: four states, two requests, and the number of its holders.
//!
//! ```text
//!           wake                start              Ready or panic
//!   Idle ─────────▶ Scheduled ─────────▶ Running ─────────────────▶ Complete
//!    ▲                  ▲                  │  │
//!    │                  └── pause: Again ──┘  │
//!    └────────────── pause: Idle ─────────────┘
//! ```
//!
//! An abort is a wake-up that sets `CANCELLED` as well: `start` and `pause` then answer `Cancel`, and the
//! thread that runs the task drops the future and completes it.
//!
//! | bit | says | invariant |
//! |---|---|---|
//! | `RUNNING` | a thread polls it | the thread that sets it owns the future until it clears it |
//! | `COMPLETE` | the output, or the error, is there | never cleared |
//! | `NOTIFIED` | it is to be polled (again) | while neither running nor complete: it is in exactly one queue, or on its way there; once complete: means nothing |
//! | `JOIN_INTEREST` | the `JoinHandle` lives | once cleared with `COMPLETE` unset, the runner drops the output |
//! | `JOIN_WAKER` | the handle's waker is stored | set: the slot belongs to the thread that runs the task; unset: to the handle |
//! | `CANCELLED` | to be dropped, not polled, at its next tick | never cleared |
//!
//! The other bits count references: one for the scheduler, from the start until the task is complete,
//! wherever the task waits; one for the `JoinHandle`; one for each waker.
//!
//! Each transition is one atomic operation, and returns what its caller has to do next.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `start`: `AcqRel` | `pause`, `pause_to_be_queued`: `AcqRel` | what the last poll wrote, on another thread |
//! | `start`: `AcqRel` | `wake`, `wake_and_release`, `abort`: `AcqRel`, even if they change nothing | what the waker's thread wrote before it woke |
//! | `complete`: `AcqRel` | `is_complete`, `has_join_waker`: `Acquire`; `publish_join_waker`, `reclaim_join_waker`, `drop_join_interest`: `AcqRel`, failing with `Acquire` | the output |
//! | `publish_join_waker`: `AcqRel` | `complete`: `AcqRel` | the waker in the slot |
//! | `drop_join_interest`: `AcqRel` | `complete`: `AcqRel` | what the handle's thread did: the runner then frees the cell |
//! | `release`, `wake_and_release`: `AcqRel`; `drop_join_handle_fast`: `Release` | every other `release`, `wake_and_release`: `AcqRel` | the last accesses of the other holders: the last one frees |
//! | `release_probably_last`, the load: `Acquire` | every other `release`, `wake_and_release`: `AcqRel` | the same: if it reads that its reference is the last, it frees without an exchange |
//! | `drop_join_handle_fast`, the load before the exchange: `Relaxed` | – | nothing: the exchange decides |
//! | `retain`: `Relaxed` | – | nothing: its caller holds a reference, which keeps the task |
//! | `is_notified`: `Relaxed` | – | nothing: it only saves a `track`; `pause` decides |
//!
//! Tokio's counterpart: `tokio/src/runtime/task/state.rs`. There each queue entry has a reference of
//! its own, and so has the list of all tasks: a spawn starts with three references, here with two.

use super::transition::{Completed, Pause, Start, Wake, WakeAndRelease};
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

/// Scheduled, held by the scheduler and a `JoinHandle`.
const INITIAL: usize = (2 * REFERENCE) | JOIN_INTEREST | NOTIFIED;

/// More references than memory could hold: a program forgets wakers in a loop.
const TOO_MANY: usize = isize::MAX as usize;

#[derive(Debug)]
pub(crate) struct State(AtomicUsize);

impl State {
    pub(crate) fn new() -> Self {
        Self(AtomicUsize::new(INITIAL))
    }

    /// Scheduled → Running. The caller has taken the task from its queue.
    #[inline]
    pub(crate) fn start(&self) -> Start {
        // NOTIFIED is set and RUNNING is not, so that one subtraction clears the one and sets the
        // other.
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

    /// Idle → Scheduled, by the caller. If it runs, the thread that runs it will see it.
    ///
    /// A wake-up that changes nothing is a write as well: it publishes what the waker's thread did
    /// before to the poll that is still to come.
    #[inline]
    pub(crate) fn wake(&self) -> Wake {
        let before = self.0.fetch_or(NOTIFIED, AcqRel);
        if before & (RUNNING | NOTIFIED | COMPLETE) == 0 { Wake::Submit } else { Wake::Nothing }
    }

    /// As [`wake`](Self::wake), and gives the waker's reference back in the same operation.
    #[inline]
    pub(crate) fn wake_and_release(&self) -> WakeAndRelease {
        let change = |now: usize| Some((now | NOTIFIED) - REFERENCE);
        let (Ok(before) | Err(before)) = self.0.update_if(AcqRel, Acquire, change);
        if before & (RUNNING | NOTIFIED | COMPLETE) == 0 {
            WakeAndRelease::Submit
        } else if before / REFERENCE == 1 {
            WakeAndRelease::Free
        } else {
            WakeAndRelease::Nothing
        }
    }

    /// As [`wake`](Self::wake), and the next tick drops the future.
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

    /// Hands the stored waker to the thread that runs the task. Returns false if the task was complete
    /// before: then the handle keeps the waker, which is never called.
    #[must_use]
    pub(crate) fn publish_join_waker(&self) -> bool {
        self.0
            .update_if(AcqRel, Acquire, |now| (now & COMPLETE == 0).then_some(now | JOIN_WAKER))
            .is_ok()
    }

    /// Takes the stored waker back, to write another. Returns false if the task was complete before.
    #[must_use]
    pub(crate) fn reclaim_join_waker(&self) -> bool {
        self.0
            .update_if(AcqRel, Acquire, |now| (now & COMPLETE == 0).then_some(now & !JOIN_WAKER))
            .is_ok()
    }

    /// Drops the handle of a task that has only been spawned, in one operation: a detached spawn.
    #[must_use]
    pub(crate) fn drop_join_handle_fast(&self) -> bool {
        let detached = (INITIAL - REFERENCE) & !JOIN_INTEREST;
        // A load costs less than an exchange that fails.
        self.0.load(Relaxed) == INITIAL
            && self.0.compare_exchange(INITIAL, detached, Release, Relaxed).is_ok()
    }

    /// Drops the handle. Returns true if the task was complete: then the handle drops the output. If
    /// not, it drops the stored waker, if any.
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

    /// Counts one more waker.
    #[inline]
    pub(crate) fn retain(&self) {
        if self.0.fetch_add(REFERENCE, Relaxed) > TOO_MANY {
            // A count that wraps frees memory that is in use.
            std::process::abort();
        }
    }

    /// Gives a reference back. Returns true if it was the last: free the task.
    #[inline]
    #[must_use]
    pub(crate) fn release(&self) -> bool {
        self.0.fetch_sub(REFERENCE, AcqRel) / REFERENCE == 1
    }

    /// As [`release`](Self::release), where the reference often is the last. Then no other thread can count
    /// or give back one more, and nothing need be written.
    #[inline]
    #[must_use]
    pub(crate) fn release_probably_last(&self) -> bool {
        self.0.load(Acquire) / REFERENCE == 1 || self.release()
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
