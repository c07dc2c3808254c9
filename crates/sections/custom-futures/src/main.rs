//! Futures written by hand: a delay, a value from elsewhere, a timeout, a retry.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod future_trait; // guide 2.1, まとめ, deep dive 2.1
mod forgotten_waker; // guide 2.1, deep dive 3.1
mod delay; // guide 2.2
mod delay_with_timer; // guide 2.2
mod wait_for_value; // guide 2.4
mod register_then_check; // deep dive 3.2
mod notified; // deep dive 3.2
mod with_timeout; // guide 2.5
mod retry; // guide 2.5

fn main() -> std::process::ExitCode {
    utils::section!(
        future_trait,
        forgotten_waker,
        delay,
        delay_with_timer,
        wait_for_value,
        register_then_check,
        notified,
        with_timeout,
        retry
    )
}
