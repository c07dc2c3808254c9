//! Sync calls async and async calls sync: what bridges the two, and what panics or hangs.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod colors; // deep dive 10.1
mod block_on_callers; // deep dive 10.1, 10.5
mod undriven; // deep dive 10.1, 10.5
mod facade; // deep dive 10.4
mod block_in_place; // deep dive 10.5
mod block_on_in_place; // deep dive 10.5
mod block_on_in_drop; // deep dive 10.5
mod runtime_dropped; // deep dive 10.5
mod nested_executors; // deep dive 10.5
mod ffi_callback; // deep dive 10.5
mod blocked_branch; // deep dive 10.5
mod deadlock; // deep dive 10.5

fn main() -> std::process::ExitCode {
    utils::section!(
        colors,
        block_on_callers,
        undriven,
        facade,
        block_in_place,
        block_on_in_place,
        block_on_in_drop,
        runtime_dropped,
        nested_executors,
        ffi_callback,
        blocked_branch;
        on request: deadlock
    )
}
