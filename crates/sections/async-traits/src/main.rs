//! Async functions in traits: native, with a `Send` bound, and behind `dyn`.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod native; // guide FAQ Q3, deep dive 14, 15
mod send_bound; // guide FAQ Q3, deep dive 15
mod boxed; // guide FAQ Q3, deep dive 14
mod boxed_by_hand; // guide FAQ Q3, deep dive 14
mod async_fn; // deep dive 15
mod generator; // deep dive 15

fn main() -> std::process::ExitCode {
    utils::section!(native, send_bound, boxed, boxed_by_hand, async_fn, generator)
}
