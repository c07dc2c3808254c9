//! The machine of the deep dive, §2–§9, as a runtime that you read from top to bottom.
//!
//! It has one concept a file, in the order of the modules. To understand a file, read the files above it.
//! Of the files below it you need only the names. Public names and paths are Tokio's.
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

/// The directions for which a task waits with a socket's `ready`, and the answer.
pub mod io {
    pub use crate::runtime::io::readiness::{Interest, Ready};
}

#[cfg(all(loom, test))]
#[expect(unsafe_code, reason = "the models hold schedulers and cells by pointer")]
mod models;

pub use task::spawn;
