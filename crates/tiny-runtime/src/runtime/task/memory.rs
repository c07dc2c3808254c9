//! The memory of small tasks, kept for the next ones.
//!
//! Most tasks are small, and many are short-lived. So the thread on which a task ends keeps its block for
//! its own next task, without a lock. All blocks have one size. A thread that has too many puts a batch of
//! them into a shared list, from which other threads take it. So the blocks return from the worker that
//! runs tasks to the worker that spawns them.
//!
//! Contains `unsafe`: memory by hand.
//!
//! Tokio has no such thing: each task is an allocation. (It is the magazine layer of Bonwick's slab
//! allocator.)

#![expect(unsafe_code, reason = "memory by hand")]

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::RefCell;
use std::mem;
use std::ptr::NonNull;

/// A header, and a future of 56 bytes.
const BLOCK: Layout = match Layout::from_size_align(128, 16) {
    Ok(layout) => layout,
    Err(_) => unreachable!(),
};

/// The number of blocks that change hands at once: 64 KiB. A thread keeps up to two batches.
const BATCH: usize = 512;

/// The number of batches that wait for a thread that needs them. Further ones go back to the allocator:
/// a block that was unused for long is in no cache.
const BATCHES: usize = 4;

#[derive(Default)]
struct Blocks(Vec<NonNull<u8>>);

// SAFETY: memory that nobody uses.
unsafe impl Send for Blocks {}

thread_local! {
    static OWN: RefCell<Blocks> = const { RefCell::new(Blocks(Vec::new())) };
}

/// Models keep no blocks, because they watch each task until it is freed.
static SHARED: std::sync::Mutex<Vec<Blocks>> = std::sync::Mutex::new(Vec::new());

impl Blocks {
    fn take(&mut self) -> Option<NonNull<u8>> {
        if self.0.is_empty() {
            *self = lock_shared().pop()?;
        }
        self.0.pop()
    }

    fn keep(&mut self, block: NonNull<u8>) {
        self.0.push(block);
        if self.0.len() == 2 * BATCH {
            let batch = Blocks(self.0.split_off(BATCH));
            let mut shared = lock_shared();
            if shared.len() < BATCHES {
                shared.push(batch);
            }
        }
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        for block in mem::take(&mut self.0) {
            // SAFETY: blocks come from `alloc` with this layout, and this one is nobody's.
            unsafe { dealloc(block.as_ptr(), BLOCK) };
        }
    }
}

fn lock_shared() -> std::sync::MutexGuard<'static, Vec<Blocks>> {
    SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

const fn fits(layout: Layout) -> bool {
    !cfg!(loom) && layout.size() <= BLOCK.size() && layout.align() <= BLOCK.align()
}

/// Moves the value to the heap.
#[inline]
pub(super) fn put<T>(value: T) -> NonNull<T> {
    if !fits(Layout::new::<T>()) {
        return NonNull::from(Box::leak(Box::new(value)));
    }
    // A thread that ends has dropped its blocks, and keeps no more.
    let kept = OWN.try_with(|own| own.borrow_mut().take()).ok().flatten();
    let place = kept.unwrap_or_else(allocate).cast::<T>();
    // SAFETY: the block is large enough for a `T`, aligned, and nobody else's.
    unsafe { place.write(value) };
    place
}

fn allocate() -> NonNull<u8> {
    // SAFETY: the layout is not empty.
    NonNull::new(unsafe { alloc(BLOCK) }).unwrap_or_else(|| handle_alloc_error(BLOCK))
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
    let block = value.cast();
    if OWN.try_with(|own| own.borrow_mut().keep(block)).is_err() {
        drop(Blocks(vec![block]));
    }
}
