//! The scheduler of Tokio, seen from outside: who runs, in which order, and why.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod local_queue; // deep dive 6.1
mod lifo_slot; // deep dive 6.2, 13
mod lifo_limits; // deep dive 6.2
mod budget; // deep dive TL;DR, 6.2, 13
mod order; // deep dive 6.3
mod global_queue; // deep dive 6.3
mod global_batch; // deep dive 6.3
mod driver_interval; // deep dive 6.3
mod stealing; // deep dive 6.4
mod life; // deep dive 6.5
mod endings; // deep dive 6.5
mod join_handle; // deep dive 6.6
mod hog; // deep dive 9.2
mod throughput; // deep dive 9.2
mod ping_pong; // deep dive 6.2

fn main() -> std::process::ExitCode {
    utils::section!(
        local_queue,
        lifo_slot,
        lifo_limits,
        budget,
        order,
        global_queue,
        global_batch,
        driver_interval,
        stealing,
        life,
        endings,
        join_handle,
        hog,
        throughput;
        on request: ping_pong
    )
}
