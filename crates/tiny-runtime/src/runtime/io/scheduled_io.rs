//! What the kernel has said about one socket, and who waits to hear it.
//!
//! The kernel reports a change once ("edge-triggered"), so the report has to be kept:
//!
//! ```text
//! | shutdown: 1 | tick: 15 | ready: 16 |
//! ```
//!
//! An operation does not ask the kernel whether it may proceed. If there is a ready bit for its
//! direction it makes its system call, and learns from `WouldBlock` that the report is used up. Only
//! then the bits are cleared, and the task waits for the next report.
//!
//! Invariants:
//! - *No report is lost between look and wait.* The reactor sets the bits, then takes the wakers
//!   under the lock; a task stores its waker under the lock, then looks at the bits once more.
//!   Whoever comes second sees the other.
//! - *No report is lost between system call and clear.* Each report moves the tick on, and who
//!   clears names the tick that it had seen: a report that came meanwhile stays.
//! - *Cleared means drained.* Bits are cleared after `WouldBlock`, or after an asynchronous read or
//!   write that moved less than it could. A task that clears earlier sleeps beside unread
//!   bytes, and one that never does spins.
//! - Wakers are cloned, woken and dropped outside the lock: they are foreign code.
//!
//! Tokio's counterpart: `tokio/src/runtime/io/scheduled_io.rs`, `registration.rs`. Its shared
//! waiters are a list inside the waiting futures; a slab needs no `unsafe` for the same.

use super::readiness::{Direction, READABLE};
use crate::foreign::ForeignWaker;
use crate::runtime::task::coop;
use crate::sync::atomic::AtomicU32;
use crate::sync::atomic::Ordering::{AcqRel, Acquire};
use crate::sync::{Mutex, UpdateIf, lock};
use slab::Slab;
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

#[derive(Debug, Default)]
struct Waiters {
    /// The reader and the writer that have the socket for themselves. The last to come stays.
    exclusive: [Option<ForeignWaker>; 2],
    /// Any number beside them: the methods that take `&self`.
    shared: Slab<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    direction: Direction,
    /// None: woken, and not polled since.
    waker: Option<ForeignWaker>,
}

/// Where a waiting operation keeps its waker.
pub(crate) enum Slot<'a, 'io> {
    Exclusive,
    Shared(&'a mut WaiterKey<'io>),
}

/// A place among the shared waiters, given back when the operation ends or is dropped.
pub(crate) struct WaiterKey<'io> {
    io: &'io ScheduledIo,
    key: Option<usize>,
}

impl Drop for WaiterKey<'_> {
    fn drop(&mut self) {
        // The waker is dropped behind the lock.
        let _left = self.key.map(|key| lock(&self.io.waiters).shared.remove(key));
    }
}

impl ScheduledIo {
    pub(crate) fn waiter_key(&self) -> WaiterKey<'_> {
        WaiterKey { io: self, key: None }
    }

    /// Notes what the kernel reports, and moves the wakers of those who wait for it into `woken`.
    pub(crate) fn set_readiness(&self, ready: u32, woken: &mut Vec<ForeignWaker>) {
        let noted = |word| (word & !TICK) | (word + ONE_TICK) & TICK | ready;
        let _ = self.word.update_if(AcqRel, Acquire, |word| Some(noted(word)));
        lock(&self.waiters).take(ready, woken);
    }

    /// If that is wrong, the first `WouldBlock` corrects it.
    pub(crate) fn assume_ready(&self, ready: u32) {
        self.word.fetch_or(ready, AcqRel);
    }

    /// From now on nobody waits: whoever would gets an error.
    pub(crate) fn shutdown(&self, woken: &mut Vec<ForeignWaker>) {
        self.word.fetch_or(SHUTDOWN, AcqRel);
        lock(&self.waiters).take(READY, woken);
    }

    pub(crate) fn is_shutdown(&self) -> bool {
        self.word.load(Acquire) & SHUTDOWN != 0
    }

    /// Runs `operation` as soon as the socket is ready, and again if it was not after all.
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

    /// Runs `operation` if the socket is ready, else says `WouldBlock` without a system call.
    pub(crate) fn try_io<T>(
        &self,
        direction: Direction,
        operation: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        // Also after the end of the runtime: what had been reported by then can be had.
        let seen = self.reported(direction).ok_or(ErrorKind::WouldBlock)?;
        let result = operation();
        // Not after a part: its caller asks before the next call whether that is worth trying.
        self.clear_if_would_block(seen, direction, &result, |_| false);
        result
    }

    /// The bits that are set of this direction, as soon as there is one.
    pub(crate) fn poll_readiness(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        waiter_key: &mut WaiterKey<'_>,
    ) -> Poll<Result<u32>> {
        let seen = ready!(self.poll_ready(cx, direction, &mut Slot::Shared(waiter_key)));
        Poll::Ready(seen.map(|word| word & direction.mask()))
    }

    /// Clears what `result` shows to be used up; says whether it was `WouldBlock`.
    fn clear_if_would_block<T>(
        &self,
        seen: u32,
        direction: Direction,
        result: &Result<T>,
        partial: impl Fn(&T) -> bool,
    ) -> bool {
        let (blocked, used_up) = match result {
            // Even a hangup: it was none, or there had been no block. Else this would spin.
            Err(error) if error.kind() == ErrorKind::WouldBlock => (true, direction.mask()),
            // Saves the call that would say `WouldBlock`. A hangup stays: a read has to find the end.
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

    /// If it is ready: the word, whose tick is needed to clear what was seen and nothing newer.
    fn seen(&self, direction: Direction) -> Option<Result<u32>> {
        let ended = || Err(Error::other("the runtime of this socket has been shut down"));
        if self.is_shutdown() { Some(ended()) } else { self.reported(direction).map(Ok) }
    }

    fn reported(&self, direction: Direction) -> Option<u32> {
        let word = self.word.load(Acquire);
        (word & direction.mask() != 0).then_some(word)
    }

    /// Does nothing if a report has come since `seen`, unless exactly 32,768 came meanwhile.
    fn clear(&self, seen: u32, bits: u32) {
        let cleared = |word| (word & TICK == seen & TICK).then_some(word & !bits);
        let _newer = self.word.update_if(AcqRel, Acquire, cleared);
    }
}

impl Waiters {
    fn take(&mut self, ready: u32, woken: &mut Vec<ForeignWaker>) {
        for direction in [Direction::Read, Direction::Write] {
            if ready & direction.mask() != 0 {
                woken.extend(self.exclusive[direction as usize].take());
            }
        }
        // All: the first may be dropped before it runs, and there is no second report.
        let shared = self.shared.iter_mut();
        let concerned = shared.filter(|(_, waiter)| ready & waiter.direction.mask() != 0);
        woken.extend(concerned.filter_map(|(_, waiter)| waiter.waker.take()));
    }

    fn place(&mut self, direction: Direction, at: &mut Slot<'_, '_>) -> &mut Option<ForeignWaker> {
        match at {
            Slot::Exclusive => &mut self.exclusive[direction as usize],
            Slot::Shared(waiter_key) => {
                let key = waiter_key
                    .key
                    .unwrap_or_else(|| self.shared.insert(Waiter { direction, waker: None }));
                waiter_key.key = Some(key);
                &mut self.shared[key].waker
            }
        }
    }
}

#[cfg(all(loom, test))]
mod models;

#[cfg(all(test, not(loom)))]
mod tests;
