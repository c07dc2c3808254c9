//! The tasks that wait for one socket.
//!
//! One reader and one writer wait in slots of their own, which cost nothing. Any number of further tasks
//! wait in a slab; each gives its place back when it has done, or is dropped.
//!
//! Tokio's counterpart: `tokio/src/runtime/io/scheduled_io.rs`. There the further tasks are a list inside
//! the waiting futures; a slab needs no `unsafe` for the same.

use super::readiness::Direction;
use crate::foreign::ForeignWaker;
use crate::sync::{Mutex, lock};
use slab::Slab;

#[derive(Debug, Default)]
pub(super) struct Waiters {
    /// The one reader and the one writer that use `&mut self` or a `poll_…`. A later one replaces the
    /// earlier.
    exclusive: [Option<ForeignWaker>; 2],
    /// Those of the methods that take `&self`, any number.
    pub(super) shared: Slab<Waiter>,
}

#[derive(Debug)]
pub(super) struct Waiter {
    direction: Direction,
    /// `None` from its wake to its next poll.
    waker: Option<ForeignWaker>,
}

/// The place where a waiting operation keeps its waker.
pub(crate) enum Slot<'a, 'io> {
    Exclusive,
    Shared(&'a mut WaiterKey<'io>),
}

/// A place among the shared waiters. Its drop gives the place back.
pub(crate) struct WaiterKey<'io> {
    waiters: &'io Mutex<Waiters>,
    key: Option<usize>,
}

impl<'io> WaiterKey<'io> {
    pub(super) fn new(waiters: &'io Mutex<Waiters>) -> Self {
        Self { waiters, key: None }
    }
}

impl Drop for WaiterKey<'_> {
    fn drop(&mut self) {
        // The waker is dropped after the lock is free.
        let _left = self.key.map(|key| lock(self.waiters).shared.remove(key));
    }
}

impl Waiters {
    /// Moves the wakers of all that wait for one of these bits into `woken`.
    pub(super) fn take(&mut self, ready: u32, woken: &mut Vec<ForeignWaker>) {
        for direction in [Direction::Read, Direction::Write] {
            if ready & direction.mask() != 0 {
                woken.extend(self.exclusive[direction as usize].take());
            }
        }
        // All of them: the first may be dropped before it runs, and no second report comes.
        let shared = self.shared.iter_mut();
        let concerned = shared.filter(|(_, waiter)| ready & waiter.direction.mask() != 0);
        woken.extend(concerned.filter_map(|(_, waiter)| waiter.waker.take()));
    }

    /// Returns the place of this waiter's waker.
    pub(super) fn place(
        &mut self,
        direction: Direction,
        at: &mut Slot<'_, '_>,
    ) -> &mut Option<ForeignWaker> {
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
