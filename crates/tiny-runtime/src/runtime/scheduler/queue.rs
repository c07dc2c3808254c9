//! A worker's own queue: a ring of 256 that its owner fills, and from which other workers steal half.
//!
//! ```text
//!        steal    real              tail
//!          ▼       ▼                 ▼
//!   ───────[xxxxxxx|ooooooooooooooooo]─────────    o: waiting   x: a thief copies these
//! ```
//!
//! - Only the owner moves `tail`. So a push is a plain store, without a lock and without a
//!   read-modify-write.
//! - `steal` and `real` share one word, `head`. A thief claims tasks by moving `real`, copies them,
//!   and then lets `steal` catch up. While the two differ no other thief steals, and the owner does
//!   not write between `steal` and `real`.
//! - The indices wrap around; a slot is an index modulo the length. `steal ≤ real ≤ tail`, and
//!   `tail - steal ≤ 256`.
//! - When the ring is full, the newer half goes to the global queue, with the new task.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | a slot, by `write` and `read`: `Relaxed` | – | nothing: `head` and `tail` order the slots |
//! | `tail`, published by the owner: `Release` | `tail`, read by a thief: `Acquire` | the slot's content, and what the task's waker wrote |
//! | `tail`, read by the owner: `Relaxed` | – | nothing: nobody else writes it |
//! | `head`, read by the owner before it writes a slot: `Acquire` | a thief's catch-up: `AcqRel` | the thief's copy: the owner would overwrite what is still read |
//! | `head`, exchanged to claim tasks: `AcqRel`, failing with `Acquire` | `head`, read by a thief before `tail`: `Acquire` | the order of the two: a thief could see a `tail` that is behind `real`, and count 2³² tasks |
//!
//! Contains `unsafe`: what is read from a slot becomes the permission to run a task again.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/queue.rs`. There the slots are
//! cells; here they are atomic pointers, which cost the same and need no `unsafe` to access.

#![expect(
    unsafe_code,
    reason = "what is read from a slot becomes the permission to run a task again"
)]

use crate::runtime::task::{Header, Notified};
use crate::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use crate::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64};
use crate::sync::{Arc, UpdateIf};
use std::iter::once;
use std::ptr::{self, NonNull};

/// The number of slots. Four in models, which then reach every corner soon.
pub(crate) const CAPACITY: u32 = if cfg!(loom) { 4 } else { 256 };
const MASK: u32 = CAPACITY - 1;

/// On cache lines of its own, because its owner writes all the time.
#[repr(align(128))]
struct Ring {
    /// `steal` in the high half, `real` in the low one.
    head: AtomicU64,
    tail: AtomicU32,
    slots: Box<[AtomicPtr<Header>]>,
}

/// The owner's end. There is one, and only its holder pushes.
pub(crate) struct Local(Arc<Ring>);

/// The end of every other worker.
#[derive(Clone)]
pub(crate) struct Stealer(Arc<Ring>);

fn pack(steal: u32, real: u32) -> u64 {
    u64::from(steal) << 32 | u64::from(real)
}

fn unpack(head: u64) -> (u32, u32) {
    ((head >> 32) as u32, head as u32)
}

/// Returns the two ends of an empty queue whose indices begin at `start`.
pub(crate) fn new(start: u32) -> (Local, Stealer) {
    let ring = Arc::new(Ring {
        head: AtomicU64::new(pack(start, start)),
        tail: AtomicU32::new(start),
        slots: (0..CAPACITY).map(|_| AtomicPtr::new(ptr::null_mut())).collect(),
    });
    (Local(ring.clone()), Stealer(ring))
}

impl Ring {
    /// Relaxed: `head` and `tail` order these accesses.
    fn write(&self, index: u32, task: Notified) {
        self.slots[(index & MASK) as usize].store(task.into_raw().as_ptr(), Relaxed);
    }

    /// # Safety
    ///
    /// The caller has claimed the slot, and reads it once.
    unsafe fn read(&self, index: u32) -> Notified {
        let task = self.slots[(index & MASK) as usize].load(Relaxed);
        // SAFETY: it was written from a `Notified`, and claimed by one thread alone.
        unsafe { Notified::from_raw(NonNull::new(task).expect("written before `tail` moved")) }
    }

    fn len(&self) -> u32 {
        let (_, real) = unpack(self.head.load(Acquire));
        // Loaded after `head`, so that it is not behind it.
        self.tail.load(Acquire).wrapping_sub(real)
    }
}

impl Local {
    pub(crate) fn len(&self) -> u32 {
        self.0.len()
    }

    /// Returns how many more tasks fit. The number only grows until this owner pushes.
    pub(crate) fn free(&self) -> u32 {
        let (steal, _) = unpack(self.0.head.load(Acquire));
        CAPACITY - self.0.tail.load(Relaxed).wrapping_sub(steal)
    }

    /// Puts a task at the back. If there is no room, the newer half goes to `overflow`, followed by
    /// the new task; or the new task alone, if a thief is about to make room.
    #[inline]
    pub(crate) fn push(
        &mut self,
        task: Notified,
        overflow: impl FnOnce(&mut dyn Iterator<Item = Notified>),
    ) {
        let (steal, _) = unpack(self.0.head.load(Acquire));
        let tail = self.0.tail.load(Relaxed);
        if tail.wrapping_sub(steal) == CAPACITY {
            return self.push_into_full(task, overflow);
        }
        self.0.write(tail, task);
        self.0.tail.store(tail.wrapping_add(1), Release);
    }

    #[cold]
    fn push_into_full(
        &mut self,
        task: Notified,
        overflow: impl FnOnce(&mut dyn Iterator<Item = Notified>),
    ) {
        let tail = self.0.tail.load(Relaxed);
        let head = tail.wrapping_sub(CAPACITY);
        // Claims everything, unless a thief has claimed a part.
        let all = self.0.head.compare_exchange(pack(head, head), pack(tail, tail), AcqRel, Acquire);
        match all.map_err(unpack) {
            Ok(_) => {
                // The older half stays in place: index + 256 is the same slot, so moving `tail` by
                // 128 republishes it. It must stay, because tasks from the global queue are put
                // there and would otherwise circle between the two queues.
                let middle = head.wrapping_add(CAPACITY / 2);
                let last_half = (0..CAPACITY / 2).map(|i| {
                    // SAFETY: claimed, and not republished; read before this owner writes there.
                    unsafe { self.0.read(middle.wrapping_add(i)) }
                });
                self.0.tail.store(tail.wrapping_add(CAPACITY / 2), Release);
                overflow(&mut last_half.chain(once(task)));
            }
            Err((steal, real)) if steal != real => overflow(&mut once(task)),
            // A thief has made room meanwhile.
            Err(_) => self.push(task, overflow),
        }
    }

    /// Takes the task at the front.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Notified> {
        let mut head = self.0.head.load(Acquire);
        loop {
            let (steal, real) = unpack(head);
            if real == self.0.tail.load(Relaxed) {
                return None;
            }
            let next = real.wrapping_add(1);
            // While a thief copies, only the thief moves `steal`.
            let next = if steal == real { pack(next, next) } else { pack(steal, next) };
            match self.0.head.compare_exchange(head, next, AcqRel, Acquire) {
                // SAFETY: claimed; only the owner, this one, writes to it.
                Ok(_) => return Some(unsafe { self.0.read(real) }),
                Err(now) => head = now,
            }
        }
    }
}

impl Stealer {
    pub(crate) fn len(&self) -> u32 {
        self.0.len()
    }

    /// Moves half of the tasks, those that have waited longest, into the thief's own queue. Returns
    /// the last of them, to be run at once, and how many there were in all.
    pub(crate) fn steal_into(&self, thief: &mut Local) -> Option<(Notified, u32)> {
        if thief.free() < CAPACITY / 2 {
            // Another thief still copies from the thief's ring: the tasks could land in slots that
            // it reads.
            return None;
        }
        let to = thief.0.tail.load(Relaxed);
        let count = self.copy_half(&thief.0, to);
        let kept = count.checked_sub(1)?;
        // SAFETY: just written by this thread, and not published.
        let task = unsafe { thief.0.read(to.wrapping_add(kept)) };
        if kept > 0 {
            thief.0.tail.store(to.wrapping_add(kept), Release);
        }
        Some((task, count))
    }

    fn copy_half(&self, thief: &Ring, to: u32) -> u32 {
        let mut head = self.0.head.load(Acquire);
        let (from, count) = loop {
            let (steal, real) = unpack(head);
            let waiting = self.0.tail.load(Acquire).wrapping_sub(real);
            // Half, rounded up.
            let count = waiting - waiting / 2;
            if steal != real || count == 0 {
                return 0;
            }
            let claimed = pack(steal, real.wrapping_add(count));
            match self.0.head.compare_exchange(head, claimed, AcqRel, Acquire) {
                Ok(_) => break (real, count),
                Err(now) => head = now,
            }
        };
        for i in 0..count {
            // SAFETY: claimed, and the owner does not write there while `steal` stands.
            let task = unsafe { self.0.read(from.wrapping_add(i)) };
            thief.write(to.wrapping_add(i), task);
        }
        // Lets `steal` catch up. Only the owner can have moved `real` meanwhile.
        let catch_up = |head| Some(pack(unpack(head).1, unpack(head).1));
        let done = self.0.head.update_if(AcqRel, Acquire, catch_up);
        debug_assert!(done.is_ok(), "it always has an answer");
        count
    }
}

#[cfg(all(loom, test))]
mod models;

#[cfg(all(test, not(loom)))]
mod tests;
