//! Large futures go to the heap before they are moved.
//!
//! Without optimization each call that passes a future on may copy it on the stack, and a task's cell
//! is built there. So each function that takes a future or a closure from outside moves a large one to
//! the heap first, and passes the `Box` on.
//!
//! Tokio's counterpart: `AutoBox` in `tokio/src/runtime/mod.rs`, with the same limits.

const BOX_ABOVE: usize = if cfg!(debug_assertions) { 2048 } else { 16384 };

/// Returns whether a value of that type is boxed.
pub(crate) const fn is_large<T>() -> bool {
    size_of::<T>() > BOX_ABOVE
}

/// `boxed_if_large!(future: F, Box::pin => use_it(future))` uses the future, in a `Box` if an `F` is large.
///
/// It asks in a `const` block, so the branch that is not taken has no place on the stack.
macro_rules! boxed_if_large {
    ($value:ident: $type:ty, $boxed:path => $use_it:expr) => {
        if const { $crate::runtime::task::is_large::<$type>() } {
            let $value = $boxed($value);
            $use_it
        } else {
            $use_it
        }
    };
}
pub(crate) use boxed_if_large;
