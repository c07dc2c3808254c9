//! The memory of the timers: nodes that are linked by index, and never move.
//!
//! A freed node is the next one taken, and the slab grows in chunks, so that growing copies nothing.
//!
//! Tokio's counterpart: `tokio/src/runtime/time/entry.rs`, where a node lies inside its `Sleep`.

use std::mem;
use std::ops::{Index, IndexMut};

/// No node.
pub(super) const NIL: u32 = u32::MAX;

/// The latest deadline: 48 bits of milliseconds, 8,900 years.
const LATEST: u64 = (1 << 48) - 1;

pub(super) struct Node<T> {
    pub(super) value: Option<T>,
    pub(super) prev: u32,
    /// The next of the list, or of the free nodes.
    pub(super) next: u32,
    when_low: u32,
    when_high: u16,
    /// The list in which it is.
    pub(super) list: u16,
}

impl<T> Node<T> {
    const BLANK: Self =
        Self { value: None, prev: NIL, next: NIL, when_low: 0, when_high: 0, list: 0 };

    pub(super) fn when(&self) -> u64 {
        u64::from(self.when_high) << 32 | u64::from(self.when_low)
    }

    pub(super) fn set_when(&mut self, when: u64) {
        let when = when.min(LATEST);
        self.when_low = when as u32;
        self.when_high = (when >> 32) as u16;
    }

    /// Its list, and its neighbours there.
    pub(super) fn place(&self) -> (usize, u32, u32) {
        (self.list.into(), self.prev, self.next)
    }
}

pub(super) struct Nodes<T> {
    pub(super) chunks: Vec<Box<[Node<T>; CHUNK]>>,
    /// Nodes from here on have never been used.
    used: u32,
    /// The head of those that were given back.
    free: u32,
}

pub(super) const CHUNK: usize = 256;

impl<T> Nodes<T> {
    pub(super) fn new() -> Self {
        Self { chunks: Vec::new(), used: 0, free: NIL }
    }

    pub(super) fn take(&mut self, when: u64, value: T) -> u32 {
        let mut node = self.free;
        if node == NIL {
            node = self.used;
            self.used = node.checked_add(1).expect("fewer than 2^32 timers");
            if node as usize == self.chunks.len() * CHUNK {
                self.chunks.push(Box::new([Node::BLANK; CHUNK]));
            }
        } else {
            self.free = self[node].next;
        }
        self[node].set_when(when);
        self[node].value = Some(value);
        node
    }

    pub(super) fn give_back(&mut self, node: u32) {
        self[node].next = mem::replace(&mut self.free, node);
    }
}

impl<T> Index<u32> for Nodes<T> {
    type Output = Node<T>;
    fn index(&self, node: u32) -> &Node<T> {
        &self.chunks[node as usize / CHUNK][node as usize % CHUNK]
    }
}

impl<T> IndexMut<u32> for Nodes<T> {
    fn index_mut(&mut self, node: u32) -> &mut Node<T> {
        &mut self.chunks[node as usize / CHUNK][node as usize % CHUNK]
    }
}
