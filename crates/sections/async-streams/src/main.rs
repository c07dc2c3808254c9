//! Values that come over time, taken one by one.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod adapters; // guide 10.2
mod while_let; // guide 10.2
mod buffered; // guide 10.2
mod frames; // guide 10.2

fn main() -> std::process::ExitCode {
    utils::section!(adapters, while_let, buffered, frames)
}
