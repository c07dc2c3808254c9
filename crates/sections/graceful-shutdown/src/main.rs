//! A signal, the work in flight, and the end.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod watch_channel; // guide 10.1
mod keep_alive; // guide 10.1
mod accept_errors; // guide 10.1
mod connection_limit; // guide 10.1
#[cfg(unix)]
mod socket_file; // guide 10.1
mod tcp_server; // guide 10.1
mod second_signal; // guide 10.1

#[cfg(not(unix))] // Tokio has these sockets there only
mod socket_file {
    pub fn main() {
        println!("socket_file: Tokio has Unix sockets on Unix only");
    }
}

fn main() -> std::process::ExitCode {
    utils::section!(
        watch_channel,
        keep_alive,
        accept_errors,
        connection_limit,
        socket_file;
        on request: tcp_server, second_signal
    )
}
