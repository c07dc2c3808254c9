//! Mistakes that stall, lose or bloat a task, each beside its remedy.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs. `deadlock` hangs and `overflow` aborts, so they run only when named.

mod blocking; // guide 9.1
mod blocked_workers; // guide 9.1
mod waiting_child; // guide 9.1
mod spawn_blocking; // guide 9.1, まとめ
mod timeout_of_blocking; // guide 9.1
mod forgotten_await; // guide 9.2
mod lock_across_await; // guide 9.3
mod guard_in_while_let; // guide 9.3
mod shared_stream; // guide 9.3
mod two_reads; // guide 9.3
mod large_futures; // guide 9.4
mod hand_rolled_join_set; // deep dive 12.5
mod dropped_handles; // deep dive 12.5
mod deadlock; // guide 9.3
mod overflow; // deep dive 2.4

fn main() -> std::process::ExitCode {
    utils::section!(
        blocking,
        blocked_workers,
        waiting_child,
        spawn_blocking,
        timeout_of_blocking,
        forgotten_await,
        lock_across_await,
        guard_in_while_let,
        shared_stream,
        two_reads,
        large_futures,
        hand_rolled_join_set,
        dropped_handles;
        on request: deadlock, overflow
    )
}
