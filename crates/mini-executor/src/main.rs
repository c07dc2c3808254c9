//! An executor by hand, three times: polling without end, only what was woken, asleep in between.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod busy_polling; // guide 6.2, deep dive 3.1
mod woken; // guide 6.2, deep dive 3.1
mod parked; // guide 6.1, deep dive 3.1

fn main() -> std::process::ExitCode {
    utils::section!(busy_polling, woken, parked)
}
