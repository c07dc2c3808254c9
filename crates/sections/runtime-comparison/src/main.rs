//! One program on every runtime that the guide compares.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod one_program; // guide 8.1
mod at_once; // guide 8.1
mod bytes_per_task; // deep dive 13

fn main() -> std::process::ExitCode {
    let words = std::env::args_os().skip(1);
    let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    measure::command(&words).unwrap_or_else(|| measure::beside(&words, section()))
}

fn section() -> std::process::ExitCode {
    utils::section!(one_program, at_once, bytes_per_task)
}
