//! Cleaning up takes an await, and `drop` cannot await.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod lost_cleanup; // guide 10.4
mod tracked_cleanup; // guide 10.4
mod close; // guide 10.4
#[cfg(unix)]
mod child_process; // guide 10.4

#[cfg(not(unix))] // its child is `cat`
mod child_process {
    pub fn main() {
        println!("child_process: its child is a program of Unix");
    }
}

fn main() -> std::process::ExitCode {
    utils::section!(lost_cleanup, tracked_cleanup, close, child_process)
}
