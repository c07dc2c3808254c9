//! The library that the programs and tests of this workspace share. No snippet names it.
//!
//! - [`section!`]: the `main` of a section crate.
//! - `http` (feature `http`): the outside world, a local server that answers by script.
//! - `probe` (feature `probe`): counts, logs and child processes for tests.

#![forbid(unsafe_code)]

pub mod section;

#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "probe")]
pub mod probe;
