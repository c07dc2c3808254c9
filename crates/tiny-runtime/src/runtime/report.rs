//! The reports to `tracing`: each poll, wake and timer, in Tokio's words. So a reader of Tokio's reports, such as
//! the crate `timeline`, can read these.
//!
//! Only with the feature `tracing`. Without it nothing of this is built, and nothing takes up room.
//!
//! Tokio's counterpart: `tokio/src/util/trace.rs`.

#[cfg(not(feature = "tracing"))]
mod silent;
#[cfg(feature = "tracing")]
mod told;

#[cfg(not(feature = "tracing"))]
pub(crate) use silent::{Timer, closure, future};
#[cfg(feature = "tracing")]
pub(crate) use told::{Timer, closure, future};
