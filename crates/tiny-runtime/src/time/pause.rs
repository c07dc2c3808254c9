//! Stopping and moving the clock of the current runtime.
//!
//! Tokio's counterpart: `tokio/src/time/clock.rs`.

use crate::runtime::context;
use crate::task::yield_now;
use std::time::Duration;

/// Stops the clock of this runtime: from now on, it moves by [`advance`], or when nothing is ready.
///
/// # Panics
///
/// If the clock stands already, outside a runtime, or in one that is not of the current-thread
/// flavor.
#[track_caller]
pub fn pause() {
    context::timers().clock().pause();
}

/// Lets the clock of this runtime run on, from where it stands.
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

/// Moves a clock that stands, and yields once. What is due by then is woken, not yet polled.
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
