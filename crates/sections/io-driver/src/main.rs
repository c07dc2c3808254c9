//! The I/O driver: non-blocking sockets, readiness by edges, and who polls.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod nonblocking; // deep dive 7.1, 7.2
mod files; // deep dive 7.2
mod unflushed; // deep dive 7.2
mod buffered_writer; // deep dive 7.2
mod end_of_stream; // deep dive 7.2
mod half_close; // deep dive 7.2
#[cfg(unix)]
mod child_output; // deep dive 7.2
#[cfg(unix)]
mod blocking_socket; // deep dive 7.2
mod readiness; // deep dive 7.3
mod lost_event; // deep dive 7.3
#[cfg(unix)]
mod async_fd; // deep dive 7.3
mod who_polls; // deep dive 7.4

#[cfg(not(unix))] // its child is `head`
mod child_output {
    pub fn main() {
        println!("child_output: its child is a program of Unix");
    }
}

#[cfg(not(unix))] // only there does Tokio look
mod blocking_socket {
    pub fn main() {
        println!("blocking_socket: Tokio looks at a socket on Unix only");
    }
}

#[cfg(not(unix))] // file descriptors are Unix's
mod async_fd {
    pub fn main() {
        println!("async_fd: Tokio has AsyncFd on Unix only");
    }
}

fn main() -> std::process::ExitCode {
    utils::section!(
        nonblocking,
        files,
        unflushed,
        buffered_writer,
        end_of_stream,
        half_close,
        child_output,
        blocking_socket,
        readiness,
        lost_event,
        async_fd,
        who_polls
    )
}
