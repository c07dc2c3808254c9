//! What `#[tokio::main]` builds, and how to build it by hand.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod main_expanded; // guide FAQ Q1, まとめ
mod main_thread; // guide FAQ Q1
mod flavors; // guide FAQ Q1

fn main() -> std::process::ExitCode {
    utils::section!(main_expanded, main_thread, flavors)
}
