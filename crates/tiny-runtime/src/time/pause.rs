//! Stopping and moving the clock of the current runtime.
//!
//! Tokio's counterpart: `tokio/src/time/clock.rs`.

use crate::runtime::context;
use crate::task::yield_now;
use std::time::Duration;

/// Pauses the clock of this runtime. From now on it moves by [`advance`], and to the next timer when
/// nothing is ready.
///
/// # Panics
///
/// If the clock is paused already, outside a runtime, or in one that is not of the current-thread
/// flavor.
#[track_caller]
pub fn pause() {
    context::timers().clock().pause();
}

/// Lets the clock of this runtime run on, from the time at which it was paused.
///
/// # Panics
///
/// If the clock runs, or outside a runtime.
#[track_caller]
pub fn resume() {
    let timers = context::timers();
    timers.clock().resume();
    timers.clock_moved();
}

/// Moves a paused clock, and yields once. Tasks whose timers are due then are woken, but not yet polled.
///
/// # Panics
///
/// If the clock runs, or outside a runtime.
pub async fn advance(duration: Duration) {
    let timers = context::timers();
    timers.clock().advance(duration);
    timers.clock_moved();
    yield_now().await;
}
