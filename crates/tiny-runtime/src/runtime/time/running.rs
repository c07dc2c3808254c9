//! The timers of each runtime that has not ended, by its number.
//!
//! Only a `Sleep` that is polled, moved or dropped away from its runtime looks here. So a `Sleep` counts no
//! reference: two workers that make sleeps do not write to one count in turns.
//!
//! Tokio has no such thing: there a `Sleep` counts a reference to its runtime.

use super::number::Number;
use super::timers::Timers;
use crate::sync::Arc;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError}; // loom has none for a `static`

static RUNNING: Mutex<BTreeMap<Number, Arc<Timers>>> = Mutex::new(BTreeMap::new());

/// Notes a runtime that starts.
pub(crate) fn add(timers: &Arc<Timers>) {
    with(|running| running.insert(timers.number(), timers.clone()));
}

/// Forgets a runtime that has ended.
pub(crate) fn remove(number: Number) {
    // Dropped after the lock is free.
    let _timers = with(|running| running.remove(&number));
}

/// Returns the timers, unless their runtime has ended.
pub(crate) fn find(number: Number) -> Option<Arc<Timers>> {
    with(|running| running.get(&number).cloned())
}

fn with<R>(use_it: impl FnOnce(&mut BTreeMap<Number, Arc<Timers>>) -> R) -> R {
    use_it(&mut RUNNING.lock().unwrap_or_else(PoisonError::into_inner))
}
