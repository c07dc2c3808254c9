//! Errors across `.await`: a fallback, a typed error, and what a chain prints.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod fallback; // guide 7.1
mod service_error; // guide 7.2
mod silent_server; // guide 7.2
mod closed_connection; // guide 7.2
mod error_chain; // guide 7.1
mod cause_twice; // guide 7.2, まとめ

fn main() -> std::process::ExitCode {
    utils::http::stand_in_for_the_internet(|| {
        utils::section!(
            fallback,
            service_error,
            silent_server,
            closed_connection,
            error_chain,
            cause_twice
        )
    })
}
