//! The order in which timers are due: the timer wheel, a data structure without clock and waker.
//!
//! Six levels of 64 slots. A slot of level 0 is one millisecond wide. A slot of a higher level is as
//! wide as the whole level below: 64 ms, 4 s, 4 min, 5 h, 12 days. A timer waits on the level of the
//! highest six bits in which its deadline differs from now. When its slot starts, it moves down.
//!
//! For example, at 0 ms a timer is set for 5,000 ms = 1·4,096 + 14·64 + 8. It waits in slot 1 of level
//! 2. At 4,096 ms it moves to slot 14 of level 1; at 4,992 ms to slot 8 of level 0; and at 5,000 ms it
//! is due.
//!
//! So a timer is exact to 1 ms and moves at most five times, and no cost depends on their number: the
//! next expiry is the first bit that is set.
//!
//! The lists are linked by index through one slab, first in, first out. A timer's node belongs to
//! the holder of its [`Key`], fired or not, until they give the key back.
//!
//! A timer whose deadline is put off stays where it is, and moves on when its slot starts. So to put
//! it off over and over costs nothing, and it queues in its new millisecond behind those that were
//! there before its old one.
//!
//! A node that leaves a list changes both neighbours, which are far away in memory if there are many timers. So
//! 16 leave together, or fewer when the wheel is asked what is next: their cache misses overlap.
//!
//! Invariants:
//! - a node has a value exactly while it is in a list and not about to leave, and knows its list; that is
//!   `list_of(when)`, or, of a timer that was put off, one whose slot starts before;
//! - a bit of `occupied` is set exactly while its list is not empty;
//! - `elapsed` never goes back, and a timer that is in a slot is due after it.
//!
//! Tokio's counterpart: `tokio/src/runtime/time/wheel/{mod,level}.rs`. There a node lies inside its
//! pinned `Sleep`, which takes `unsafe`; here a slab keeps 32 bytes for each of the most timers that
//! there have been at a time. It reserves up to twice as much: each chunk is twice as large as the one
//! before.

use super::nodes::{Links, NIL, Node, Nodes};
use std::mem;

#[cfg(all(test, not(loom)))]
mod tests;

const BITS: usize = 6;
const SLOTS: usize = 1 << BITS;
const LEVELS: usize = 6;
/// 2^36 ms, 2.18 years. A timer that is further away waits in the top level, and moves within it.
const HORIZON: u64 = 1 << (BITS * LEVELS);
/// The number of nodes that leave their lists together.
const LEAVING: usize = 16;
/// The list after those of the slots: timers to be returned by `poll`.
const DUE: usize = LEVELS * SLOTS;

pub(crate) struct Wheel<T> {
    /// The millisecond up to which all timers are due.
    elapsed: u64,
    /// Bit `s` of word `l` stands for slot `s` of level `l`; the last word for `DUE`.
    occupied: [u64; LEVELS + 1],
    /// Level by level, then `DUE`.
    lists: [List; DUE + 1],
    nodes: Nodes<T>,
    /// The removed timers whose nodes are still in lists. Empty when the lists are asked what is next.
    leaving: Vec<u32>,
}

/// The right to ask for one timer, and the duty to [remove](Wheel::remove) it.
#[derive(Debug)]
#[must_use]
pub(crate) struct Key(u32);

#[derive(Clone, Copy)]
struct List {
    head: u32,
    tail: u32,
}

impl<T> Wheel<T> {
    pub(crate) fn new() -> Self {
        Self {
            elapsed: 0,
            occupied: [0; LEVELS + 1],
            lists: [List::EMPTY; DUE + 1],
            nodes: Nodes::new(),
            leaving: Vec::with_capacity(LEAVING),
        }
    }

    /// Adds a timer, in O(1). Returns the value if `when` has elapsed.
    pub(crate) fn insert(&mut self, when: u64, value: T) -> Result<Key, T> {
        if when <= self.elapsed {
            return Err(value);
        }
        let node = self.nodes.take(when, value);
        self.append(self.list_of(when), node);
        Ok(Key(node))
    }

    /// Returns the value of a timer that waits, or `None` if `poll` has returned it.
    pub(crate) fn get_mut(&mut self, key: &Key) -> Option<&mut T> {
        self.nodes.get(key.0).value.as_mut()
    }

    /// Puts off a timer that waits, in O(1). Returns false if it does not wait, or was due later.
    pub(crate) fn put_off(&mut self, key: &Key, when: u64) -> bool {
        let Node { value, place, .. } = self.nodes.get(key.0);
        let puts_off = value.is_some() && usize::from(place.list) != DUE && place.when() <= when;
        if puts_off {
            place.set_when(when);
        }
        puts_off
    }

    /// Ends a timer, in O(1). Returns its value, unless `poll` has returned it.
    pub(crate) fn remove(&mut self, Key(node): Key) -> Option<T> {
        let value = self.nodes.get(node).value.take();
        let links = *self.nodes.links(node);
        if value.is_some() && links.prev != NIL && links.next != NIL {
            self.leave_later(node);
            return value;
        }
        self.nodes.give_back(node);
        if value.is_some() {
            self.unlink(node, links);
        }
        value
    }

    /// Returns when to call `poll` next: a timer fires then, or only moves down.
    pub(crate) fn next_expiry(&mut self) -> Option<u64> {
        self.unlink_leaving();
        if self.occupied[LEVELS] != 0 {
            return Some(self.elapsed);
        }
        self.next_slot().map(|(start, _)| start)
    }

    /// Returns the next timer that is due at `now`: by millisecond, then in the order of insertion.
    pub(crate) fn poll(&mut self, now: u64) -> Option<T> {
        self.unlink_leaving();
        while self.occupied[LEVELS] == 0 {
            let Some((start, list)) = self.next_slot().filter(|&(start, _)| start <= now) else {
                self.elapsed = self.elapsed.max(now);
                return None;
            };
            self.expire_slot(start, list);
        }
        let node = self.lists[DUE].head;
        let links = *self.nodes.links(node);
        self.unlink(node, links);
        self.nodes.get(node).value.take()
    }

    /// Makes every timer due, in no order, and each that is inserted from now on.
    pub(crate) fn expire_all(&mut self) {
        self.unlink_leaving();
        self.elapsed = u64::MAX;
        for list in 0..DUE {
            self.move_all(list);
        }
    }

    /// Returns the start of the next slot that holds a timer, and its list. The lowest level with a timer
    /// decides: all its slots end before the next slot of the level above starts.
    fn next_slot(&self) -> Option<(u64, usize)> {
        let level = self.occupied[..LEVELS].iter().position(|&slots| slots != 0)?;
        let now = self.elapsed >> (BITS * level);
        // From the slot after now: the slot of now can only hold timers that are one revolution away.
        let ahead = self.occupied[level].rotate_right(((now + 1) % SLOTS as u64) as u32);
        let next = now + 1 + u64::from(ahead.trailing_zeros());
        Some((next << (BITS * level), level * SLOTS + next as usize % SLOTS))
    }

    fn expire_slot(&mut self, start: u64, list: usize) {
        self.elapsed = start;
        self.move_all(list);
    }

    /// Moves all timers of a list to where they belong now. It empties the list first: a timer that is
    /// one revolution of the top level away comes back to this very slot.
    fn move_all(&mut self, list: usize) {
        self.occupied[list / SLOTS] &= !(1 << (list % SLOTS));
        let mut next = mem::replace(&mut self.lists[list], List::EMPTY).head;
        while next != NIL {
            let node = next;
            next = self.nodes.links(node).next;
            let when = self.nodes.get(node).place.when();
            self.append(self.list_of(when), node);
        }
    }

    fn append(&mut self, list: usize, node: u32) {
        let tail = mem::replace(&mut self.lists[list].tail, node);
        match tail {
            NIL => self.lists[list].head = node,
            tail => self.nodes.links(tail).next = node,
        }
        self.nodes.put_last(node, list, tail);
        self.occupied[list / SLOTS] |= 1 << (list % SLOTS);
    }

    fn leave_later(&mut self, node: u32) {
        self.leaving.push(node);
        if self.leaving.len() == LEAVING {
            self.unlink_leaving();
        }
    }

    /// Takes the nodes that are about to leave out of their lists.
    fn unlink_leaving(&mut self) {
        while let Some(node) = self.leaving.pop() {
            let links = *self.nodes.links(node);
            self.nodes.give_back(node);
            self.unlink(node, links);
        }
    }

    /// The node may have been given back already, so its links are those from before that.
    fn unlink(&mut self, node: u32, Links { prev, next }: Links) {
        if prev != NIL {
            self.nodes.links(prev).next = next;
        }
        if next != NIL {
            self.nodes.links(next).prev = prev;
        }
        // Among others it need not be known in which list it is.
        if prev == NIL || next == NIL {
            let list = usize::from(self.nodes.get(node).place.list);
            if prev == NIL {
                self.lists[list].head = next;
            }
            if next == NIL {
                self.lists[list].tail = prev;
            }
            if prev == next {
                self.occupied[list / SLOTS] &= !(1 << (list % SLOTS));
            }
        }
    }

    /// Returns the list in which a timer with this deadline belongs. It stays the same until the slot
    /// starts.
    fn list_of(&self, when: u64) -> usize {
        if when <= self.elapsed {
            return DUE;
        }
        let level = (self.elapsed ^ when).min(HORIZON - 1).ilog2() as usize / BITS;
        level * SLOTS + (when >> (BITS * level)) as usize % SLOTS
    }
}

impl List {
    const EMPTY: Self = Self { head: NIL, tail: NIL };
}
