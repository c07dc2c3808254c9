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
mod foreign;
pub mod runtime;
pub mod task;
pub mod time;
pub mod net;

/// What one can wait for with `ready` of a socket, and what that tells.
pub mod io {
    pub use crate::runtime::io::readiness::{Interest, Ready};
}

#[cfg(all(loom, test))]
#[expect(unsafe_code, reason = "the models hold schedulers and cells by pointer")]
mod models;

pub use task::spawn;
