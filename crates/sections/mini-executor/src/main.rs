//! An executor by hand, four times: polling without end, only what was woken, asleep in between, without `std`.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod busy_polling; // guide 6.2, deep dive 3.1
mod woken; // guide 6.2, deep dive 3.1
mod parked; // guide 6.1, deep dive 3.1
mod no_std; // deep dive 1.1, 13

fn main() -> std::process::ExitCode {
    utils::section!(busy_polling, woken, parked, no_std)
}
