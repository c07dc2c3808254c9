//! The memory of small tasks, kept for the next ones.
//!
//! Most tasks are small and many are short-lived. So each thread keeps the blocks of tasks that have
//! ended on it, all of one size, and takes new tasks' memory from there: no search, and no lock. What
//! does not fit, and what is too much, goes to the allocator as usual.
//!
//! Contains `unsafe`: memory by hand.
//!
//! Tokio has no such thing. A thread that only spawns, and one that only runs, gain nothing by it.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::RefCell;
use std::ptr::NonNull;

/// A header, and a future of 56 bytes.
const BLOCK: Layout = match Layout::from_size_align(128, 16) {
    Ok(layout) => layout,
    Err(_) => unreachable!(),
};

/// So many a thread keeps: 128 KiB.
const KEPT: usize = 1024;

struct Kept(Vec<NonNull<u8>>);

thread_local! {
    static BLOCKS: RefCell<Kept> = const { RefCell::new(Kept(Vec::new())) };
}

impl Drop for Kept {
    fn drop(&mut self) {
        for block in self.0.drain(..) {
            // SAFETY: blocks come from `alloc` with this layout, and this one is nobody's.
            unsafe { dealloc(block.as_ptr(), BLOCK) };
        }
    }
}

fn fits(layout: Layout) -> bool {
    layout.size() <= BLOCK.size() && layout.align() <= BLOCK.align()
}

/// Moves the value to the heap.
#[inline]
pub(super) fn put<T>(value: T) -> NonNull<T> {
    if !fits(Layout::new::<T>()) {
        return NonNull::from(Box::leak(Box::new(value)));
    }
    // A thread that ends, and has dropped its blocks, keeps none.
    let kept = BLOCKS.try_with(|blocks| blocks.borrow_mut().0.pop()).ok().flatten();
    let block = kept.unwrap_or_else(|| {
        // SAFETY: the layout is not empty.
        NonNull::new(unsafe { alloc(BLOCK) }).unwrap_or_else(|| handle_alloc_error(BLOCK))
    });
    let place = block.cast::<T>();
    // SAFETY: the block is large enough for a `T`, aligned, and nobody else's.
    unsafe { place.write(value) };
    place
}

/// Drops the value and frees its memory.
///
/// # Safety
///
/// It comes from [`put`] of the same type, and nobody uses it any more.
#[inline]
pub(super) unsafe fn free<T>(value: NonNull<T>) {
    if !fits(Layout::new::<T>()) {
        // SAFETY: `put` has made it of a `Box`.
        return drop(unsafe { Box::from_raw(value.as_ptr()) });
    }
    // SAFETY: the caller's is the last pointer.
    unsafe { value.drop_in_place() };
    let block = value.cast::<u8>();
    let keep = |kept: &mut Kept| {
        let room = kept.0.len() < KEPT;
        if room {
            kept.0.push(block);
        }
        room
    };
    if !BLOCKS.try_with(|blocks| keep(&mut blocks.borrow_mut())).unwrap_or(false) {
        // SAFETY: `put` has taken it from `alloc`, with this layout.
        unsafe { dealloc(block.as_ptr(), BLOCK) };
    }
}
