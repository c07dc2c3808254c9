//! Cleaning up takes an await, and `drop` cannot await.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod lost_cleanup; // guide 10.4
mod tracked_cleanup; // guide 10.4
mod close; // guide 10.4

fn main() -> std::process::ExitCode {
    utils::section!(lost_cleanup, tracked_cleanup, close)
}
