//! A signal, the work in flight, and the end.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod watch_channel; // guide 10.1
mod keep_alive; // guide 10.1
mod tcp_server; // guide 10.1

fn main() -> std::process::ExitCode {
    utils::section!(watch_channel, keep_alive; on request: tcp_server)
}
