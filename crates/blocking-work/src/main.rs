//! Synchronous work in async code: inline, in pieces, or on the blocking pool.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod neighbour; // guide FAQ Q6
mod hash_inline; // guide FAQ Q6
mod hash_in_pieces; // guide FAQ Q6
mod compress; // guide FAQ Q6
mod bounded; // guide FAQ Q6
mod measure; // guide FAQ Q6

fn main() -> std::process::ExitCode {
    utils::section!(
        neighbour,
        hash_inline,
        hash_in_pieces,
        compress,
        bounded;
        on request: measure
    )
}
