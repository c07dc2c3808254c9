//! The memory of the timers: nodes that are linked by index, and never move.
//!
//! A freed node is the next one taken. The slab grows in chunks, each twice as large as the one before, so
//! that growing copies nothing, and a node is found without a look into a long table.
//!
//! The links have an array of their own: a timer that is cancelled among many touches three of them, and those of
//! a million timers take 8 MB, which a processor may keep in its cache.
//!
//! Tokio's counterpart: `tokio/src/runtime/time/entry.rs`, where a node lies inside its `Sleep`.

use std::mem;

/// No node.
pub(super) const NIL: u32 = u32::MAX;

/// The latest deadline: 48 bits of milliseconds, 8,900 years.
const LATEST: u64 = (1 << 48) - 1;

/// The number of nodes in the first chunk.
pub(super) const CHUNK: usize = 256;

pub(super) struct Nodes<T> {
    pub(super) chunks: Vec<Chunk<T>>,
    /// Nodes from here on have never been used.
    used: u32,
    /// The head of those that were given back.
    free: u32,
}

/// The two parts of the nodes.
pub(super) struct Chunk<T> {
    nodes: Vec<Node<T>>,
    links: Vec<Links>,
}

/// A node, without its links.
pub(super) struct Node<T> {
    /// Some while the node is in a list, unless the timer was removed and the node is about to leave.
    pub(super) value: Option<T>,
    pub(super) place: Place,
}

#[derive(Clone, Copy)]
pub(super) struct Links {
    pub(super) prev: u32,
    /// The next of the list, or of the free nodes.
    pub(super) next: u32,
}

#[derive(Clone, Copy)]
pub(super) struct Place {
    when_low: u32,
    when_high: u16,
    /// The list in which it is.
    pub(super) list: u16,
}

impl Place {
    pub(super) fn when(self) -> u64 {
        u64::from(self.when_high) << 32 | u64::from(self.when_low)
    }

    pub(super) fn set_when(&mut self, when: u64) {
        let when = when.min(LATEST);
        self.when_low = when as u32;
        self.when_high = (when >> 32) as u16;
    }
}

/// Returns the chunk of a node, and its index there.
#[inline]
fn split(node: u32) -> (usize, usize) {
    let chunk = (node as usize / CHUNK + 1).ilog2();
    (chunk as usize, node as usize - ((1 << chunk) - 1) * CHUNK)
}

impl<T> Nodes<T> {
    pub(super) fn new() -> Self {
        Self { chunks: Vec::new(), used: 0, free: NIL }
    }

    pub(super) fn take(&mut self, when: u64, value: T) -> u32 {
        let node = if self.free == NIL { self.grow() } else { self.free };
        self.free = self.links(node).next;
        let taken = self.get(node);
        taken.place.set_when(when);
        taken.value = Some(value);
        node
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> u32 {
        let node = self.used;
        self.used = node.checked_add(1).expect("fewer than 2^32 timers");
        let (chunk, _) = split(node);
        if chunk == self.chunks.len() {
            let nodes = CHUNK << chunk;
            self.chunks
                .push(Chunk { nodes: Vec::with_capacity(nodes), links: Vec::with_capacity(nodes) });
        }
        let chunk = &mut self.chunks[chunk];
        chunk.nodes.push(Node { value: None, place: Place { when_low: 0, when_high: 0, list: 0 } });
        chunk.links.push(Links { prev: NIL, next: NIL });
        node
    }

    /// Makes it the last of a list, after `prev`.
    #[inline]
    pub(super) fn put_last(&mut self, node: u32, list: usize, prev: u32) {
        *self.links(node) = Links { prev, next: NIL };
        self.get(node).place.list = list as u16;
    }

    pub(super) fn give_back(&mut self, node: u32) {
        self.links(node).next = mem::replace(&mut self.free, node);
    }

    #[inline]
    pub(super) fn get(&mut self, node: u32) -> &mut Node<T> {
        let (chunk, index) = split(node);
        &mut self.chunks[chunk].nodes[index]
    }

    #[inline]
    pub(super) fn links(&mut self, node: u32) -> &mut Links {
        let (chunk, index) = split(node);
        &mut self.chunks[chunk].links[index]
    }
}
