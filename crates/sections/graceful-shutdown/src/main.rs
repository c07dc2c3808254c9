//! A signal, the work in flight, and the end.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod watch_channel; // guide 10.1
mod keep_alive; // guide 10.1
mod accept_errors; // guide 10.1
mod connection_limit; // guide 10.1
mod tcp_server; // guide 10.1
mod second_signal; // guide 10.1

fn main() -> std::process::ExitCode {
    utils::section!(
        watch_channel,
        keep_alive,
        accept_errors,
        connection_limit;
        on request: tcp_server, second_signal
    )
}
