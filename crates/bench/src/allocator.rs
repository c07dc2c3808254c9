//! The allocator that is measured with, and what a program has of it.
//!
//! Contains `unsafe`: an allocator is.

use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

#[cfg(feature = "mimalloc")]
static INNER: mimalloc::MiMalloc = mimalloc::MiMalloc;
#[cfg(not(feature = "mimalloc"))]
static INNER: std::alloc::System = std::alloc::System;

/// Of both.
pub const NAMES: [&str; 2] = ["the system's allocator", "mimalloc"];
/// The index of this program's allocator in [`NAMES`].
pub const THIS: usize = cfg!(feature = "mimalloc") as usize;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Counting;

/// Off while time is measured: two workers that count in one place would wait for each other.
static COUNTS: AtomicBool = AtomicBool::new(false);
static BYTES: AtomicUsize = AtomicUsize::new(0);

/// Counts from now on. To be called once, in a process that measures nothing else.
pub fn count() {
    COUNTS.store(true, Relaxed);
}

/// Returns the bytes that were asked for and not given back since [`count`].
pub fn bytes() -> usize {
    BYTES.load(Relaxed)
}

// SAFETY: each call is passed on as it is.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if COUNTS.load(Relaxed) {
            BYTES.fetch_add(layout.size(), Relaxed);
        }
        // SAFETY: the caller's promise.
        unsafe { INNER.alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        if COUNTS.load(Relaxed) {
            BYTES.fetch_sub(layout.size(), Relaxed);
        }
        // SAFETY: the caller's promise.
        unsafe { INNER.dealloc(memory, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if COUNTS.load(Relaxed) {
            BYTES.fetch_add(size.wrapping_sub(layout.size()), Relaxed);
        }
        // SAFETY: the caller's promise.
        unsafe { INNER.realloc(memory, layout, size) }
    }
}
