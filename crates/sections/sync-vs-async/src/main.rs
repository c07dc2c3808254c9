//! A thread for each task, or many tasks on few threads.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod threads; // guide 1.1, 1.2
mod tasks; // guide 1.1, 1.2
mod ten_thousand; // guide 1.2, 8.2
mod context_switches; // guide 1.2
mod cooperative; // guide 1.3
mod cost; // guide 8.2

use utils::section::{Setting, with_option};

fn main() -> std::process::ExitCode {
    let connections = Setting {
        option: "--connections",
        variable: "CONNECTIONS",
        allowed: "a whole number, such as 10000",
        is_allowed: |number| number.parse::<u32>().is_ok(),
        beside: Vec::new,
    };
    let section =
        || utils::section!(threads, tasks, ten_thousand, context_switches, cooperative, cost);
    with_option(&connections, || Ok(None), section)
}
