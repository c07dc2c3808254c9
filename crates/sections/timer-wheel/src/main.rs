//! The wheel that holds the timers of a runtime: six levels of 64 slots.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod wheel; // deep dive 8
mod turns; // deep dive 8, 18
mod resolution; // deep dive 8
mod three_wheels; // deep dive 8
mod missed_ticks; // deep dive 8
mod paused_clock; // deep dive 8
mod cost; // deep dive 8

fn main() -> std::process::ExitCode {
    utils::section!(
        wheel,
        turns,
        resolution,
        three_wheels,
        missed_ticks,
        paused_clock;
        on request: cost
    )
}
