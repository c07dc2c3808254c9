//! Stopping a task by asking it, and what a dropped future takes with it.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod token; // guide 10.3
mod parents_and_children; // guide 10.3, まとめ
mod read_exact; // deep dive 11.6
mod kept_future; // deep dive 11.6
mod read_line; // deep dive 11.6
mod write_all; // deep dive 11.6
mod send; // deep dive 11.6
mod lock; // deep dive 11.6
mod futurelock; // deep dive 11.6
mod proxy; // deep dive 11.6
mod client_leaves; // deep dive 11.6
mod recv; // deep dive 11.6
mod every_poll; // deep dive 11.6

fn main() -> std::process::ExitCode {
    utils::section!(
        token,
        parents_and_children,
        read_exact,
        kept_future,
        read_line,
        write_all,
        send,
        lock,
        futurelock,
        proxy,
        client_leaves,
        recv,
        every_poll
    )
}
