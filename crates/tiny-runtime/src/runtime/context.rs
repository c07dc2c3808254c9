//! The runtime of a thread, which `spawn`, `sleep` and sockets use.
//!
//! Each thread knows two facts: its *current* runtime, and whether it *is in* one, which means that it polls
//! futures. A thread that polls futures must not block: a second `block_on` there panics, so that the
//! waiting tasks do not stop.
//!
//! You can enter a runtime within another: the thread keeps a stack of them, and the last one is current. A
//! guard that is dropped before a later guard panics, as on Tokio. It leaves a hole in the stack, so that no
//! runtime stays current after the last guard.
//!
//! Contains `unsafe`: the thread's own pointer to the runtime that it is in.
//!
//! Tokio's counterpart: `tokio/src/runtime/context.rs` and `context/runtime.rs`.

#![expect(unsafe_code, reason = "the thread's own pointer to the runtime that it is in")]

use crate::runtime::blocking::pool::Host;
use crate::runtime::io::reactor::Registry;
use crate::runtime::scheduler::shared::{InFlight, Shared};
use crate::runtime::time::number::Number;
use crate::runtime::time::running;
use crate::runtime::time::timers::Timers;
use crate::sync::{Arc, thread_local};
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::ptr;
use std::sync::MutexGuard;
use std::time::Instant;

thread_local! {
    static ENTERED: RefCell<Vec<Option<Arc<Shared>>>> = const { RefCell::new(Vec::new()) };
    /// The runtime whose futures this thread polls, or null.
    static IN_RUNTIME: Cell<*const Shared> = const { Cell::new(ptr::null()) };
}

const NO_RUNTIME: &str = "there is no tiny-runtime here: call this in `block_on`, in a task, or while \
                          the guard of `Runtime::enter` lives";

const NESTED: &str = "Cannot start a runtime from within a runtime. This happens because a function \
                      (like `block_on`) attempted to block the current thread while the thread is \
                      being used to drive asynchronous tasks. If you are in an async function, use \
                      `.await` on the future instead of blocking on it.";

const OUT_OF_ORDER: &str = "`EnterGuard` values dropped out of order. Guards returned by `Handle::enter()` \
                            must be dropped in the reverse order as they were acquired.";

/// Makes `shared` the thread's current runtime, as long as the guard lives.
pub(crate) fn set_current(shared: &Arc<Shared>) -> CurrentGuard {
    try_set_current(shared).expect("the thread has not ended")
}

/// As [`set_current`], and does nothing on a thread that ends, whose destructors run.
pub(crate) fn try_set_current(shared: &Arc<Shared>) -> Option<CurrentGuard> {
    let enter = |entered: &RefCell<Vec<_>>| {
        let mut entered = entered.borrow_mut();
        entered.push(Some(shared.clone()));
        entered.len()
    };
    let depth = ENTERED.try_with(enter).ok()?;
    Some(CurrentGuard { depth, _not_send: PhantomData })
}

/// Leaves the runtime when it is dropped, in any order: a closure that forgets a guard must not make a
/// thread of the runtime panic.
pub(crate) struct CurrentGuard {
    /// The number of guards when it was made, itself included.
    depth: usize,
    /// Not `Send`: it belongs to its thread.
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
        // Dropped while the stack is not borrowed. A thread that ends has left all runtimes.
        drop(ENTERED.try_with(leave));
    }
}

/// As [`CurrentGuard`], and its drop panics if it is not the last guard.
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
    assert!(!is_in_runtime(), "{NESTED}");
    let _current = set_current(shared);
    with_in_runtime(Some(shared), work)
}

/// As [`enter_runtime`], for a `block_on`: the future, and the tasks that stay on this thread, must have
/// dropped their guards by its end.
///
/// # Panics
///
/// As [`enter_runtime`], and if a guard is left.
#[track_caller]
pub(crate) fn enter_block_on<R>(shared: &Arc<Shared>, work: impl FnOnce() -> R) -> R {
    assert!(!is_in_runtime(), "{NESTED}");
    let _current = OrderedGuard::new(shared);
    with_in_runtime(Some(shared), work)
}

/// Runs `work`, which may block: no task waits for this thread now.
pub(crate) fn exit_runtime<R>(work: impl FnOnce() -> R) -> R {
    with_in_runtime(None, work)
}

pub(crate) fn is_in_runtime() -> bool {
    !IN_RUNTIME.get().is_null()
}

pub(crate) fn with_in_runtime<R>(inside: Option<&Shared>, work: impl FnOnce() -> R) -> R {
    struct Restore(*const Shared);
    impl Drop for Restore {
        fn drop(&mut self) {
            IN_RUNTIME.set(self.0);
        }
    }
    let _restore = Restore(IN_RUNTIME.replace(inside.map_or(ptr::null(), ptr::from_ref)));
    work()
}

/// Returns the thread's current runtime, if there is one.
pub(crate) fn try_current() -> Option<Arc<Shared>> {
    // A thread that ends has none.
    ENTERED.try_with(|entered| entered.borrow().last().cloned()).ok().flatten().flatten()
}

/// Returns the thread's current runtime.
///
/// # Panics
///
/// If the thread has no current runtime.
#[track_caller]
pub(crate) fn current() -> Arc<Shared> {
    try_current().expect(NO_RUNTIME)
}

/// Calls `use_it` with the current runtime, without counting a reference. `use_it` runs no foreign code.
///
/// # Panics
///
/// If the thread has no current runtime.
#[track_caller]
#[inline]
pub(crate) fn with_current<R>(use_it: impl FnOnce(&Arc<Shared>) -> R) -> R {
    // Taken only where it is called: the panic below drops the values in it, which may be foreign, and must
    // not do so during the borrow.
    let mut use_it = Some(use_it);
    let result = ENTERED.with_borrow(|entered| {
        let current = entered.last().and_then(Option::as_ref)?;
        use_it.take().map(|use_it| use_it(current))
    });
    result.expect(NO_RUNTIME)
}

/// Returns the number of the current runtime, and the time by its clock.
///
/// # Panics
///
/// If the thread has no current runtime.
#[track_caller]
#[inline]
pub(crate) fn number_and_now() -> (Number, Instant) {
    with_current(|shared| (shared.timers.number(), shared.timers.clock().now()))
}

/// Calls `use_it` with the timers of that runtime. `None` if it has ended.
#[inline]
pub(crate) fn with_timers_of<R>(runtime: Number, use_it: impl FnOnce(&Timers) -> R) -> Option<R> {
    // SAFETY: null, or set by `with_in_runtime`, which borrows it as long as it is set.
    let here = unsafe { IN_RUNTIME.get().as_ref() }.map(|shared| &*shared.timers);
    match here.filter(|timers| timers.number() == runtime) {
        Some(timers) => Some(use_it(timers)),
        None => Some(use_it(&*find_timers(runtime)?)),
    }
}

#[cold]
fn find_timers(runtime: Number) -> Option<Arc<Timers>> {
    let current = try_current().filter(|shared| shared.timers.number() == runtime);
    current.map(|shared| shared.timers.clone()).or_else(|| running::find(runtime))
}

/// Returns the timers of the current runtime.
///
/// # Panics
///
/// If the thread has no current runtime.
#[track_caller]
pub(crate) fn timers() -> Arc<Timers> {
    with_current(|shared| shared.timers.clone())
}

/// Returns the sockets' registry of the current runtime.
///
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
