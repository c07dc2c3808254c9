//! The reports of the kernel about one socket.
//!
//! The kernel reports a change once ("edge-triggered"), so the report has to be kept:
//!
//! ```text
//! | shutdown: 1 | tick: 15 | ready: 16 |
//! ```
//!
//! An operation does not ask the kernel whether it may proceed. If a ready bit of its direction is set, it
//! makes its system call. `WouldBlock` says that the report is used up. Only then it clears the bits, and
//! the task waits for the next report.
//!
//! Invariants:
//! - *No report is lost between look and wait.* The reactor sets the bits, then takes the wakers under the
//!   lock. A task stores its waker under the lock, then looks at the bits once more. Of the two, the one
//!   that has the lock second sees what the other did.
//! - *No report is lost between system call and clear.* Each report counts the tick up. A task clears only
//!   if the tick is still the one that it has seen, so a later report stays.
//! - *Cleared means drained.* A task clears bits after `WouldBlock`, or after an asynchronous read or write
//!   that moved less than it could. A task that clears earlier sleeps beside unread bytes. A task that
//!   never clears spins.
//! - Wakers are cloned, woken and dropped outside of the lock: they are foreign code.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `word`, set by `set_readiness` and `shutdown`: `Release` | the loads of `is_shutdown` and `reported`: `Acquire` | what happened before the report: a task that finds the bit makes no system call and takes no lock that would order it |
//! | `word`, cleared by `clear`: `Relaxed` | – | nothing: it publishes nothing, and as a read-modify-write it passes on what the last report has released |
//! | `word`, set by `assume_ready`: `Relaxed` | – | nothing: a guess, made before another thread knows the socket |
//!
//! The lock of `waiters` orders the look and the wait.
//!
//! Tokio's counterpart: `tokio/src/runtime/io/scheduled_io.rs`, `registration.rs`.

use super::readiness::{Direction, READABLE};
use super::waiters::{Slot, WaiterKey, Waiters};
use crate::foreign::ForeignWaker;
use crate::runtime::task::coop;
use crate::sync::atomic::AtomicU32;
use crate::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{Mutex, UpdateIf, lock};
use std::io::{Error, ErrorKind, Result};
use std::task::{Context, Poll, ready};

const READY: u32 = (1 << 16) - 1;
const ONE_TICK: u32 = 1 << 16;
const TICK: u32 = (ONE_TICK << 15) - ONE_TICK;
const SHUTDOWN: u32 = 1 << 31;

#[derive(Debug, Default)]
pub(crate) struct ScheduledIo {
    word: AtomicU32,
    waiters: Mutex<Waiters>,
}

impl ScheduledIo {
    pub(crate) fn waiter_key(&self) -> WaiterKey<'_> {
        WaiterKey::new(&self.waiters)
    }

    /// Stores what the kernel reports, and moves the wakers that wait for it into `woken`.
    pub(crate) fn set_readiness(&self, ready: u32, woken: &mut Vec<ForeignWaker>) {
        let noted = |word| (word & !TICK) | (word + ONE_TICK) & TICK | ready;
        let _ = self.word.update_if(Release, Relaxed, |word| Some(noted(word)));
        lock(&self.waiters).take(ready, woken);
    }

    /// Sets bits without a report. If that is wrong, the first `WouldBlock` corrects it.
    pub(crate) fn assume_ready(&self, ready: u32) {
        self.word.fetch_or(ready, Relaxed);
    }

    /// Moves all wakers into `woken`. From now on nothing waits: an operation that would gets an error.
    pub(crate) fn shutdown(&self, woken: &mut Vec<ForeignWaker>) {
        self.word.fetch_or(SHUTDOWN, Release);
        lock(&self.waiters).take(READY, woken);
    }

    pub(crate) fn is_shutdown(&self) -> bool {
        self.word.load(Acquire) & SHUTDOWN != 0
    }

    /// Runs `operation` as soon as the socket is ready, and again after each `WouldBlock`.
    pub(crate) fn poll_io<T>(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        mut place: Slot<'_, '_>,
        mut operation: impl FnMut() -> Result<T>,
        partial: impl Fn(&T) -> bool,
    ) -> Poll<Result<T>> {
        let progress = ready!(coop::poll_proceed(cx));
        let result = loop {
            let seen = match ready!(self.poll_ready(cx, direction, &mut place)) {
                Ok(seen) => seen,
                Err(error) => break Err(error),
            };
            let result = operation();
            if !self.clear_if_would_block(seen, direction, &result, &partial) {
                break result;
            }
        };
        progress.made();
        Poll::Ready(result)
    }

    /// Runs `operation` if the socket is ready, else returns `WouldBlock` without a system call.
    pub(crate) fn try_io<T>(
        &self,
        direction: Direction,
        operation: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        // It works after the end of the runtime as well, for what was reported before.
        let seen = self.reported(direction).ok_or(ErrorKind::WouldBlock)?;
        let result = operation();
        // It does not clear after a partial result: the caller may try again at once.
        self.clear_if_would_block(seen, direction, &result, |_| false);
        result
    }

    /// Is ready with the bits of this direction, as soon as one is set.
    pub(crate) fn poll_readiness(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        waiter_key: &mut WaiterKey<'_>,
    ) -> Poll<Result<u32>> {
        let seen = ready!(self.poll_ready(cx, direction, &mut Slot::Shared(waiter_key)));
        Poll::Ready(seen.map(|word| word & direction.mask()))
    }

    /// Clears the bits that `result` shows to be used up. Returns whether it was `WouldBlock`.
    fn clear_if_would_block<T>(
        &self,
        seen: u32,
        direction: Direction,
        result: &Result<T>,
        partial: impl Fn(&T) -> bool,
    ) -> bool {
        let (blocked, used_up) = match result {
            // Clears the hang-up bits too. After a real hang-up the call would not have returned
            // `WouldBlock`; if the bits stayed set, the loop would spin.
            Err(error) if error.kind() == ErrorKind::WouldBlock => (true, direction.mask()),
            // Saves the call that would return `WouldBlock`. A hang-up bit stays: a read has to find the
            // end of the stream.
            Ok(value) if partial(value) => (false, READABLE << direction as u32),
            _ => return false,
        };
        self.clear(seen, used_up);
        blocked
    }

    fn poll_ready(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        place: &mut Slot<'_, '_>,
    ) -> Poll<Result<u32>> {
        if let Some(seen) = self.seen(direction) {
            return Poll::Ready(seen);
        }
        let waker = ForeignWaker::clone_of(cx.waker());
        let mut waiters = lock(&self.waiters);
        let replaced = waiters.place(direction, place).replace(waker);
        // A report may have come since the first look and found no waker.
        let seen = self.seen(direction);
        drop((waiters, replaced));
        seen.map_or(Poll::Pending, Poll::Ready)
    }

    /// Returns the word if it is ready. Its tick is needed to clear what was seen and nothing newer.
    fn seen(&self, direction: Direction) -> Option<Result<u32>> {
        let ended = || Err(Error::other("the runtime of this socket has been shut down"));
        if self.is_shutdown() { Some(ended()) } else { self.reported(direction).map(Ok) }
    }

    fn reported(&self, direction: Direction) -> Option<u32> {
        let word = self.word.load(Acquire);
        (word & direction.mask() != 0).then_some(word)
    }

    /// Clears bits, unless a report has come since `seen`. If exactly 32,768 came, it does not notice.
    fn clear(&self, seen: u32, bits: u32) {
        let cleared = |word| (word & TICK == seen & TICK).then_some(word & !bits);
        let _newer = self.word.update_if(Relaxed, Relaxed, cleared);
    }
}

#[cfg(all(loom, test))]
#[expect(unsafe_code, reason = "a model watches a cell that an ordering protects")]
mod models;

#[cfg(all(test, not(loom)))]
mod tests;
