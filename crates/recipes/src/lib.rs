//! One module a problem. Each file is complete: copy it with `cargo run -- copy NAME FOLDER`.

#![warn(missing_docs)]

pub mod retry;
pub mod timeout;
