//! Synchronous work in async code: inline, in pieces, or on the blocking pool.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod neighbour; // guide FAQ Q6, deep dive 9.1
mod hash_inline; // guide FAQ Q6, deep dive 9.3
mod hash_in_pieces; // guide FAQ Q6, deep dive 9.2
mod compress; // guide FAQ Q6, deep dive 9.3, 12.5
mod bounded; // guide FAQ Q6, deep dive 9.3, 16.2
mod yield_cost; // deep dive 9.2
mod yield_turns; // deep dive 9.2
mod pool_limit; // deep dive 9.2
mod abort_closure; // deep dive 9.2
mod stop_flag; // deep dive 9.2
mod rayon_oneshot; // deep dive 9.3, 12.5
mod full_pool; // deep dive 9.3, 16.2
mod pool_of_one; // deep dive 16.2
mod stdin; // deep dive 9.2
mod keep_alive; // deep dive 9.2
mod measure; // guide FAQ Q6

fn main() -> std::process::ExitCode {
    utils::section!(
        neighbour,
        hash_inline,
        hash_in_pieces,
        compress,
        bounded,
        yield_cost,
        yield_turns,
        pool_limit,
        abort_closure,
        stop_flag,
        rayon_oneshot,
        full_pool,
        pool_of_one;
        on request: stdin, keep_alive, measure
    )
}
