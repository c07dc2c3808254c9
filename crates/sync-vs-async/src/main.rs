//! A thread for each task, or many tasks on few threads.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod threads; // guide 1.1, 1.2
mod tasks; // guide 1.1, 1.2
mod ten_thousand; // guide 1.2, 8.2
mod cooperative; // guide 1.3
mod cost; // guide 8.2

use utils::section::with_option;

fn main() -> std::process::ExitCode {
    with_option(
        "--connections",
        "CONNECTIONS",
        || Ok(None),
        || utils::section!(threads, tasks, ten_thousand, cooperative, cost),
    )
}
