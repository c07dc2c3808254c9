//! The machine of the deep dive, §2–§9, as a runtime that one reads from top to bottom.
//!
//! One concept a file, in the order of the modules below: to understand one takes those above it, and
//! of those below, whom it calls, no more than the name. The names and paths of what is public are Tokio's.
//!
//! ```
//! use tiny_runtime::{runtime::Runtime, task, time};
//!
//! let runtime = Runtime::new()?;
//! let sum = runtime.block_on(async {
//!     let one = task::spawn(async { 1 });
//!     time::sleep(time::Duration::from_millis(10)).await;
//!     one.await.unwrap() + 1
//! });
//! assert_eq!(sum, 2);
//! # std::io::Result::Ok(())
//! ```

#![warn(missing_docs)]

mod sync;

// Sleeping and waking: deep dive 3, guide 6.
mod park;
mod block_on;

// Tasks: 3, 4, 6.5, 6.6.
pub mod task;
mod join_error;
mod join_handle;

// The scheduler: 6.
mod inject;
mod queue;
mod owned;
mod idle;
mod tuning;
mod shared;
mod worker;
mod coop;
mod yield_now;

// Timers: 8.
mod wheel;
mod clock;
mod timers;
mod sleep;
mod interval;

// Sockets: 7.
mod scheduled_io;
mod reactor;
pub mod net;

// Code that blocks: 9.
mod blocking;
mod spawn_blocking;
mod block_in_place;

// All of it together: 5.
mod driver;
mod context;
mod current_thread;
mod shutdown;
mod builder;
pub mod runtime;
mod local;
mod stepped;
mod metrics;
mod spawn;
mod join_set;

#[cfg(all(loom, test))]
#[expect(unsafe_code, reason = "the models hold schedulers and cells by pointer")]
mod models;

pub use task::spawn;

/// Timers, and the clock that they follow.
///
/// ```
/// use tiny_runtime::runtime::Builder;
/// use tiny_runtime::time::{Duration, Instant, sleep, timeout};
///
/// let hour = Duration::from_secs(3600);
/// // With a clock that stands and jumps, nobody waits.
/// Builder::new_current_thread().start_paused(true).build()?.block_on(async {
///     let start = Instant::now();
///     assert!(timeout(hour, sleep(2 * hour)).await.is_err());
///     assert_eq!(start.elapsed(), hour);
/// });
/// # std::io::Result::Ok(())
/// ```
pub mod time {
    pub use crate::clock::{Instant, advance, pause, resume};
    pub use crate::interval::{Interval, MissedTickBehavior, interval, interval_at};
    pub use crate::sleep::{Sleep, Timeout, sleep, sleep_until, timeout, timeout_at};
    pub use std::time::Duration;

    /// What can go wrong.
    pub mod error {
        pub use crate::sleep::Elapsed;
    }
}
