//! Wakers: who makes them, who keeps them, who calls them, and what a call does.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod wake_trait; // guide 2.4
mod raw_waker; // deep dive 3.2–3.4
mod counting; // deep dive 3.3
mod wake_and_state; // deep dive 3.4

fn main() -> std::process::ExitCode {
    utils::section!(wake_trait, raw_waker, counting, wake_and_state)
}
