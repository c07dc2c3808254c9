//! The primitives that all other files use: std's, or loom's when the crate is model-checked.
//!
//! No other file names `loom`. Other files use `std::sync` only for three things: the `Arc` that std's
//! `Wake` requires, `static`s (loom has no static atomics), and locks that protect no protocol. So a
//! model (`--cfg loom`, the files `models.rs`) runs the very code that ships, in every order in which
//! its threads can meet; a larger model, in every order with at most three preemptions.
//!
//! Tokio's counterpart: `tokio/src/loom/`.

#[cfg(not(loom))]
mod chosen {
    pub(crate) use std::sync::{Arc, Condvar, Mutex, MutexGuard, TryLockError, atomic};
    pub(crate) use std::{thread, thread_local};

    /// std's cell with loom's interface: an access is a closure, so that loom can watch it.
    #[derive(Debug, Default)]
    pub(crate) struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

    impl<T> UnsafeCell<T> {
        pub(crate) const fn new(value: T) -> Self {
            Self(std::cell::UnsafeCell::new(value))
        }

        #[inline(always)]
        pub(crate) fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
            read(self.0.get())
        }

        #[inline(always)]
        pub(crate) fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
            write(self.0.get())
        }
    }
}

#[cfg(loom)]
mod chosen {
    pub(crate) use loom::cell::UnsafeCell;
    pub(crate) use loom::sync::{Arc, Condvar, Mutex, MutexGuard, atomic};
    pub(crate) use loom::thread;
    pub(crate) use std::sync::TryLockError;

    use std::cell::{Cell, RefCell};
    use std::thread::AccessError;

    /// loom's variable of a thread with std's interface for cells.
    pub(crate) struct LocalKey<T: 'static>(pub(crate) loom::thread::LocalKey<T>);

    /// std's macro, for variables whose first value is constant.
    macro_rules! local {
        ($($(#[$attribute:meta])* static $name:ident: $t:ty = const $value:block;)*) => {
            $($(#[$attribute])* static $name: $crate::sync::LocalKey<$t> =
                $crate::sync::LocalKey(loom::thread::LocalKey {
                    init: || $value,
                    _p: std::marker::PhantomData,
                });)*
        };
    }
    pub(crate) use local as thread_local;

    impl<T> LocalKey<T> {
        pub(crate) fn try_with<R>(
            &'static self,
            use_it: impl FnOnce(&T) -> R,
        ) -> Result<R, AccessError> {
            Ok(self.0.with(use_it))
        }
    }

    impl<T: Copy> LocalKey<Cell<T>> {
        pub(crate) fn get(&'static self) -> T {
            self.0.with(Cell::get)
        }

        pub(crate) fn set(&'static self, value: T) {
            self.0.with(|cell| cell.set(value));
        }

        pub(crate) fn replace(&'static self, value: T) -> T {
            self.0.with(|cell| cell.replace(value))
        }
    }

    impl<T> LocalKey<RefCell<T>> {
        pub(crate) fn with_borrow<R>(&'static self, use_it: impl FnOnce(&T) -> R) -> R {
            self.0.with(|cell| use_it(&cell.borrow()))
        }
    }
}

pub(crate) use chosen::*;

/// Replaces the word by the result of `change`, and tries again if another thread was faster. If `change`
/// returns `None`, the word stays. Returns the word before, in both cases.
///
/// This is std's `fetch_update`. Rust 1.95 calls it `try_update`, and later versions deprecate the old name.
/// Rust 1.85 and loom know only the old name.
pub(crate) trait UpdateIf {
    type Word;

    fn update_if(
        &self,
        set: atomic::Ordering,
        fetch: atomic::Ordering,
        change: impl FnMut(Self::Word) -> Option<Self::Word>,
    ) -> Result<Self::Word, Self::Word>;
}

macro_rules! update_if {
    ($($atomic:ident: $word:ty),*) => {$(
        impl UpdateIf for atomic::$atomic {
            type Word = $word;

            #[inline(always)]
            fn update_if(
                &self,
                set: atomic::Ordering,
                fetch: atomic::Ordering,
                change: impl FnMut($word) -> Option<$word>,
            ) -> Result<$word, $word> {
                #[allow(deprecated, reason = "the new name is not in the oldest compiler")]
                self.fetch_update(set, fetch, change)
            }
        }
    )*};
}

update_if!(AtomicU32: u32, AtomicU64: u64, AtomicUsize: usize);

/// Locks the mutex, even if a thread has panicked while it held the lock. No lock of this crate is held
/// while foreign code runs, so the guarded value is whole.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A value on cache lines of its own, so that one thread's writes to it do not slow down other threads'
/// reads of its neighbours. Two lines, because processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct CachePadded<T>(pub(crate) T);

impl<T> std::ops::Deref for CachePadded<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}
