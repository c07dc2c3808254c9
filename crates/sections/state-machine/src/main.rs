//! An async fn is an enum: written by hand, polled step by step, measured.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod by_hand; // guide 2.3, まとめ, deep dive 1.2
mod real_steps; // guide 2.3, deep dive 1.2
mod sizes; // guide 2.3
mod suspend_points; // deep dive 2.3
mod await_keeps_its_state; // deep dive 2.3
mod largest_state; // deep dive 2.4

fn main() -> std::process::ExitCode {
    utils::section!(
        by_hand,
        real_steps,
        sizes,
        suspend_points,
        await_keeps_its_state,
        largest_state
    )
}
