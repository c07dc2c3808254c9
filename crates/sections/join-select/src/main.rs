//! Several futures at once: wait for all, or take the first.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod join_and_select; // guide 4.1
mod try_join; // guide 4.2
mod task_set; // guide 4.2
mod guarded_select; // guide 4.3
mod future_ext; // guide 4.3
mod fuse; // guide 4.3
mod join_all; // guide 4.4
mod many_futures; // guide 4.4
mod select_loop; // guide 4.5
mod sleep_in_loop; // guide 4.5
mod select_branches; // deep dive 11.5
mod borrowed_branch; // deep dive 11.5
mod select_order; // deep dive 11.5
mod handler; // deep dive 11.5
mod guarded_expression; // deep dive 11.5
mod composition; // guide 8.3, まとめ

fn main() -> std::process::ExitCode {
    utils::section!(
        join_and_select,
        try_join,
        task_set,
        guarded_select,
        future_ext,
        fuse,
        join_all,
        many_futures,
        select_loop,
        sleep_in_loop,
        select_branches,
        borrowed_branch,
        select_order,
        handler,
        guarded_expression,
        composition
    )
}
