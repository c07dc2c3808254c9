//! The rules of a task: the values that it may hold, its handle, and its ends.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod send_static; // guide FAQ Q2, まとめ
mod join_or_spawn; // guide FAQ Q4
mod join_handle; // guide FAQ Q4
mod lost_panic; // guide FAQ Q4
mod timed_out_task; // guide FAQ Q4
mod task_locals; // guide FAQ Q4
mod join_set; // guide FAQ Q4

fn main() -> std::process::ExitCode {
    utils::section!(
        send_static,
        join_or_spawn,
        join_handle,
        lost_panic,
        timed_out_task,
        task_locals,
        join_set
    )
}
