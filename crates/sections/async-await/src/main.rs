//! async/await: what the words make, when it runs, what it borrows, how it recurses.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod fetch; // guide 3.1
mod http_status; // guide 3.1
mod two_runtimes; // guide 3.1
mod hello; // deep dive 2.2
mod desugar; // guide 3.1
mod flow; // guide 3.2
mod laziness; // deep dive 1.3, 10.1
mod blocks; // guide 3.3
mod async_closures; // guide 3.3
mod lifetimes; // guide 3.4
mod recursion; // guide 3.5
mod recursion_forms; // guide 3.5

fn main() -> std::process::ExitCode {
    utils::http::stand_in_for_the_internet(|| {
        utils::section!(
            fetch,
            http_status,
            two_runtimes,
            hello,
            desugar,
            flow,
            laziness,
            blocks,
            async_closures,
            lifetimes,
            recursion,
            recursion_forms
        )
    })
}
