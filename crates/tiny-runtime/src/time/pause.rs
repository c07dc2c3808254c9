//! Stopping and moving the clock of the current runtime.
//!
//! Tokio's counterpart: `tokio/src/time/clock.rs`.

use crate::runtime::context;
use crate::task::yield_now;
use std::time::Duration;

/// Pauses the clock of this runtime. From now on it moves by [`advance`], and to the next timer when
/// nothing is ready.
///
/// ```
/// use tiny_runtime::runtime::Builder;
/// use tiny_runtime::time::{Duration, Instant, pause, sleep};
///
/// Builder::new_current_thread().build()?.block_on(async {
///     pause();
///     let start = Instant::now();
///     sleep(Duration::from_secs(3600)).await; // takes no real time
///     assert_eq!(start.elapsed().as_secs(), 3600);
/// });
/// # std::io::Result::Ok(())
/// ```
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
/// ```
/// use tiny_runtime::time::{Duration, Instant, resume, sleep};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// resume();
/// let start = Instant::now();
/// sleep(Duration::from_millis(1)).await; // takes a real millisecond
/// assert!(start.elapsed() >= Duration::from_millis(1));
/// # });
/// # std::io::Result::Ok(())
/// ```
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
/// ```
/// use tiny_runtime::time::{Duration, Instant, advance};
/// # use tiny_runtime::runtime::Builder;
/// # Builder::new_current_thread().start_paused(true).build()?.block_on(async {
/// let start = Instant::now();
/// advance(Duration::from_secs(5)).await;
/// assert_eq!(start.elapsed(), Duration::from_secs(5));
/// # });
/// # std::io::Result::Ok(())
/// ```
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
