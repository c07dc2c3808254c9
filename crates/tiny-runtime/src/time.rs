//! Timers, and the clock that they follow.
//!
//! ```
//! use tiny_runtime::runtime::Builder;
//! use tiny_runtime::time::{Duration, Instant, sleep, timeout};
//!
//! let hour = Duration::from_secs(3600);
//! // With a paused clock an hour takes no real time.
//! Builder::new_current_thread().start_paused(true).build()?.block_on(async {
//!     let start = Instant::now();
//!     assert!(timeout(hour, sleep(2 * hour)).await.is_err());
//!     assert_eq!(start.elapsed(), hour);
//! });
//! # std::io::Result::Ok(())
//! ```

mod instant;
mod pause;
mod sleep;
mod timeout;
mod missed;
mod interval;

pub use instant::Instant;
pub use interval::{Interval, interval, interval_at};
pub use missed::MissedTickBehavior;
pub use pause::{advance, pause, resume};
pub use sleep::{Sleep, sleep, sleep_until};
pub use std::time::Duration;
pub use timeout::{Timeout, timeout, timeout_at};

/// The errors of this module.
pub mod error {
    pub use super::timeout::Elapsed;
}
