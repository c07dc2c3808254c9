//! Causes of a slow service in production, caught in the act, each beside its remedy.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod slow_after_100; // deep dive 16.1
mod close_wait; // deep dive 16.1
mod hot_mutex; // deep dive 16.1
mod saturated_worker; // deep dive 16.1
mod idle_cpu; // deep dive 16.3
mod futex_waits; // deep dive 16.3

fn main() -> std::process::ExitCode {
    let words = std::env::args_os().skip(1);
    let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    diagnoses::command(&words).unwrap_or_else(|| diagnoses::beside(&words, section()))
}

fn section() -> std::process::ExitCode {
    utils::section!(slow_after_100, close_wait, hot_mutex, saturated_worker, idle_cpu, futex_waits)
}
