//! Which runtime a thread is in: what `spawn`, `sleep` and sockets mean without being told.
//!
//! Two facts, a thread each: its *current* runtime, and whether it *is inside* one, polling futures.
//! A thread inside one must not block: a second `block_on` there panics, instead of stopping the
//! tasks that wait behind it.
//!
//! Runtimes can be entered within one another: the thread keeps a stack of them, and the last is its
//! current one. A guard that is dropped before one that was made after it panics, as on Tokio, and
//! leaves a hole, so that after the last guard nothing stays current.
//!
//! Tokio's counterpart: `tokio/src/runtime/context.rs` and `context/runtime.rs`.

use crate::runtime::blocking::pool::Host;
use crate::runtime::io::reactor::Registry;
use crate::runtime::scheduler::shared::{InFlight, Shared};
use crate::runtime::time::timers::Timers;
use crate::sync::{Arc, thread_local};
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::sync::MutexGuard;

thread_local! {
    static ENTERED: RefCell<Vec<Option<Arc<Shared>>>> = const { RefCell::new(Vec::new()) };
    static IN_RUNTIME: Cell<bool> = const { Cell::new(false) };
}

const NO_RUNTIME: &str = "there is no tiny-runtime here: call this in `block_on`, in a task, or while \
                          the guard of `Runtime::enter` lives";

const NESTED: &str = "Cannot start a runtime from within a runtime. This happens because a function \
                      (like `block_on`) attempted to block the current thread while the thread is \
                      being used to drive asynchronous tasks. If you are in an async function, use \
                      `.await` on the future instead of blocking on it.";

const OUT_OF_ORDER: &str = "`EnterGuard` values dropped out of order. Guards returned by `Handle::enter()` \
                            must be dropped in the reverse order as they were acquired.";

/// Makes `shared` the thread's current runtime, until the guard is dropped.
pub(crate) fn set_current(shared: &Arc<Shared>) -> CurrentGuard {
    try_set_current(shared).expect("the thread has not ended")
}

/// As [`set_current`], also on a thread that ends, whose destructors run: there it does nothing.
pub(crate) fn try_set_current(shared: &Arc<Shared>) -> Option<CurrentGuard> {
    let enter = |entered: &RefCell<Vec<_>>| {
        let mut entered = entered.borrow_mut();
        entered.push(Some(shared.clone()));
        entered.len()
    };
    let depth = ENTERED.try_with(enter).ok()?;
    Some(CurrentGuard { depth, _not_send: PhantomData })
}

/// Leaves the runtime when it is dropped, in whatever order: the threads of a runtime may not panic
/// because a closure has forgotten a guard.
pub(crate) struct CurrentGuard {
    /// How many guards there were when it was made, itself included.
    depth: usize,
    /// Not `Send`: it is of its thread.
    _not_send: PhantomData<MutexGuard<'static, ()>>,
}

impl CurrentGuard {
    fn is_last(&self) -> bool {
        ENTERED.try_with(|entered| entered.borrow().len() == self.depth).unwrap_or(true)
    }
}

impl Drop for CurrentGuard {
    fn drop(&mut self) {
        let leave = |entered: &RefCell<Vec<Option<Arc<Shared>>>>| {
            let mut entered = entered.borrow_mut();
            let left = entered[self.depth - 1].take();
            while entered.last().is_some_and(Option::is_none) {
                entered.pop();
            }
            left
        };
        // Dropped when the stack is not borrowed. A thread that ends has left all of them.
        drop(ENTERED.try_with(leave));
    }
}

/// As [`CurrentGuard`], and panics if it is not the last.
pub(crate) struct OrderedGuard(CurrentGuard);

impl OrderedGuard {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        Self(set_current(shared))
    }
}

impl Drop for OrderedGuard {
    fn drop(&mut self) {
        assert!(self.0.is_last() || std::thread::panicking(), "{OUT_OF_ORDER}");
    }
}

/// Runs `work`, which polls futures of the runtime on this thread.
///
/// # Panics
///
/// If the thread polls futures already.
#[track_caller]
pub(crate) fn enter_runtime<R>(shared: &Arc<Shared>, work: impl FnOnce() -> R) -> R {
    assert!(!IN_RUNTIME.get(), "{NESTED}");
    let _current = set_current(shared);
    with_in_runtime(true, work)
}

/// As [`enter_runtime`], for a `block_on`: what the future, or a task that stays on this thread, has
/// entered must be left by its end.
///
/// # Panics
///
/// As [`enter_runtime`], and if it is not.
#[track_caller]
pub(crate) fn enter_block_on<R>(shared: &Arc<Shared>, work: impl FnOnce() -> R) -> R {
    assert!(!IN_RUNTIME.get(), "{NESTED}");
    let _current = OrderedGuard::new(shared);
    with_in_runtime(true, work)
}

/// Runs `work`, which may block: nothing waits behind this thread now.
pub(crate) fn exit_runtime<R>(work: impl FnOnce() -> R) -> R {
    with_in_runtime(false, work)
}

pub(crate) fn is_in_runtime() -> bool {
    IN_RUNTIME.get()
}

pub(crate) fn with_in_runtime<R>(inside: bool, work: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IN_RUNTIME.set(self.0);
        }
    }
    let _restore = Restore(IN_RUNTIME.replace(inside));
    work()
}

/// The thread's current runtime, if any.
pub(crate) fn try_current() -> Option<Arc<Shared>> {
    // A thread that ends has none: its destructors run.
    ENTERED.try_with(|entered| entered.borrow().last().cloned()).ok().flatten().flatten()
}

/// # Panics
///
/// If the thread has no current runtime.
#[track_caller]
pub(crate) fn current() -> Arc<Shared> {
    try_current().expect(NO_RUNTIME)
}

/// As [`current`], without counting a reference. `use_it` runs no foreign code.
///
/// # Panics
///
/// If the thread has no current runtime.
#[track_caller]
#[inline]
pub(crate) fn with_current<R>(use_it: impl FnOnce(&Arc<Shared>) -> R) -> R {
    // Asked before: the panic drops what `use_it` holds, which may be foreign.
    assert!(!ENTERED.with_borrow(Vec::is_empty), "{NO_RUNTIME}");
    ENTERED.with_borrow(|entered| {
        let current = entered.last().and_then(Option::as_ref);
        use_it(current.expect("a hole is never the last"))
    })
}

/// # Panics
///
/// If the thread has no current runtime.
#[track_caller]
pub(crate) fn timers() -> Arc<Timers> {
    with_current(|shared| shared.timers.clone())
}

/// # Panics
///
/// If the thread has no current runtime.
#[track_caller]
pub(crate) fn registry() -> Arc<Registry> {
    with_current(|shared| shared.registry.clone())
}

impl Host for InFlight {
    fn enter(&self) -> impl Sized {
        set_current(&self.0)
    }
}
