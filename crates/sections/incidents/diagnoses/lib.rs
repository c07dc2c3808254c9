//! Incidents to diagnose: each a small service that people report about, broken and repaired.
//!
//! `cargo run -p incidents -- start futurelock` shows what they report, `hint` where to look, `evidence` what the
//! service shows from inside, and `fix` the difference and what it changes.
//!
//! An incident is three files: `NAME/broken.rs` and `NAME/fixed.rs` are the service, and `NAME.rs` puts it under its
//! load, on a paused clock, and says what is seen.

#![forbid(unsafe_code)]

mod command;
mod incident;

mod buffered;
mod bursts;
mod connection_closed;
mod futurelock;
mod lost_panic;
mod shutdown_hangs;
mod unbounded_queue;

pub use command::{answer, beside, command};
pub use incident::{Incident, Observed, Service};

/// All of them, in the order of `start`.
pub const ALL: [Incident; 7] = [
    bursts::INCIDENT,
    futurelock::INCIDENT,
    buffered::INCIDENT,
    connection_closed::INCIDENT,
    shutdown_hangs::INCIDENT,
    lost_panic::INCIDENT,
    unbounded_queue::INCIDENT,
];
