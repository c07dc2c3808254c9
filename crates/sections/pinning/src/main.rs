//! Why a polled future must not move, and what says so.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod self_reference; // guide 5.1, まとめ
mod pin_macros; // guide 5.2
mod dyn_future; // guide 5.2
mod unpin; // guide 5.3, まとめ
mod vec_and_array; // deep dive 4.1
mod pin_moves; // deep dive 4.2
mod spawn_pins; // deep dive 4.3, 4.4

fn main() -> std::process::ExitCode {
    utils::section!(
        self_reference,
        pin_macros,
        dyn_future,
        unpin,
        vec_and_array,
        pin_moves,
        spawn_pins
    )
}
