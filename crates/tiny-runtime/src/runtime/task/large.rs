//! Which futures go to the heap before they are moved.
//!
//! Without optimization each call that passes a future on may copy it on the stack, and a task's cell
//! is built there. So whatever takes a future or a closure from outside asks first, and moves a large
//! one to the heap: a `Box` in place of its content.
//!
//! Tokio's counterpart: `AutoBox` in `tokio/src/runtime/mod.rs`, with the same limits.

const BOX_ABOVE: usize = if cfg!(debug_assertions) { 2048 } else { 16384 };

/// Whether a value of that type is to be boxed. To be asked in a `const` block: the way not taken then
/// has no place on the stack.
pub(crate) const fn is_large<T>() -> bool {
    size_of::<T>() > BOX_ABOVE
}
