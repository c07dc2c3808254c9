//! Which runtime a thread is in: what `spawn`, `sleep` and sockets mean without being told.
//!
//! Two facts, a thread each: its *current* runtime, and whether it *is inside* one, polling futures.
//! A thread inside one must not block: a second `block_on` there panics, instead of stopping the
//! tasks that wait behind it.
//!
//! Tokio's counterpart: `tokio/src/runtime/context.rs` and `context/runtime.rs`.

use crate::runtime::blocking::pool::Host;
use crate::runtime::io::reactor::Registry;
use crate::runtime::scheduler::shared::{InFlight, Shared};
use crate::runtime::time::timers::Timers;
use crate::sync::Arc;
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;

thread_local! {
    static CURRENT: RefCell<Option<Arc<Shared>>> = const { RefCell::new(None) };
    static IN_RUNTIME: Cell<bool> = const { Cell::new(false) };
}

const NO_RUNTIME: &str = "there is no tiny-runtime here: call this in `block_on`, in a task, or while \
                          the guard of `Runtime::enter` lives";

const NESTED: &str = "Cannot start a runtime from within a runtime. This happens because a function \
                      (like `block_on`) attempted to block the current thread while the thread is \
                      being used to drive asynchronous tasks. If you are in an async function, use \
                      `.await` on the future instead of blocking on it.";

/// Makes `shared` the thread's current runtime, until the guard is dropped.
pub(crate) fn set_current(shared: &Arc<Shared>) -> CurrentGuard {
    try_set_current(shared).expect("the thread has not ended")
}

/// As [`set_current`], also on a thread that ends, whose destructors run: there it does nothing.
pub(crate) fn try_set_current(shared: &Arc<Shared>) -> Option<CurrentGuard> {
    let before = CURRENT.try_with(|current| current.replace(Some(shared.clone()))).ok()?;
    Some(CurrentGuard { before, _not_send: PhantomData })
}

pub(crate) struct CurrentGuard {
    before: Option<Arc<Shared>>,
    /// Not `Send`: it is of its thread.
    _not_send: PhantomData<*const ()>,
}

impl Drop for CurrentGuard {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
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
    CURRENT.try_with(|current| current.borrow().clone()).ok().flatten()
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
    assert!(CURRENT.with_borrow(Option::is_some), "{NO_RUNTIME}");
    CURRENT.with_borrow(|current| use_it(current.as_ref().expect(NO_RUNTIME)))
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
