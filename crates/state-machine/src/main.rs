//! An async fn is an enum: written by hand, polled step by step, measured.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod by_hand; // guide 2.3, まとめ
mod real_steps; // guide 2.3
mod sizes; // guide 2.3

fn main() -> std::process::ExitCode {
    utils::section!(by_hand, real_steps, sizes)
}
