//! The cost of a dropped future: 57 operations, each dropped before each of its polls.
//!
//! Every module below is a complete program, with the files beside it that it names. Paste any one of
//! them over a fresh `src/main.rs`, and `harness.rs` and `world.rs` beside it, and it runs.

#![expect(clippy::duplicate_mod, reason = "each table is a program that has the harness beside it")]

mod reading; // deep dive 11.6
mod lines; // deep dive 11.6
mod writing; // deep dive 11.6
mod copying; // deep dive 11.6
mod receiving; // deep dive 11.6
mod subscribing; // deep dive 11.6
mod sending; // deep dive 11.6
mod locks; // deep dive 11.6
mod permits; // deep dive 11.6
mod events; // deep dive 11.6
mod task_results; // deep dive 11.6
mod durations; // deep dive 11.6
mod time_limits; // deep dive 11.6
mod streams; // deep dive 11.6
mod sinks; // deep dive 11.6
mod framed; // deep dive 11.6

fn main() -> std::process::ExitCode {
    utils::section!(
        reading,
        lines,
        writing,
        copying,
        receiving,
        subscribing,
        sending,
        locks,
        permits,
        events,
        task_results,
        durations,
        time_limits,
        streams,
        sinks,
        framed
    )
}
