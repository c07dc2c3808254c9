//! The runtime that `#[tokio::main]` builds, and how to build it by hand.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod main_expanded; // guide FAQ Q1, まとめ, deep dive 5.2
mod main_thread; // guide FAQ Q1, deep dive 5.2
mod runtime_ends; // deep dive 5.2
mod flavors; // guide FAQ Q1, deep dive 5.3
mod layers; // deep dive 5.1
mod local_tasks; // deep dive 5.3, 9.1
mod settings; // deep dive 12.4

fn main() -> std::process::ExitCode {
    utils::section!(
        main_expanded,
        main_thread,
        runtime_ends,
        flavors,
        layers,
        local_tasks,
        settings
    )
}
